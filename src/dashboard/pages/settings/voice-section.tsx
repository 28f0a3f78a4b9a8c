// The voice, chosen by ear; and what hears and thinks.

import { useId } from 'react';
import { Square, Volume2 } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import { classes } from '../../lib/class-names.ts';
import type { Client } from '../../lib/clients.ts';
import { explain } from '../../lib/failures.ts';
import { usePreview } from '../../lib/use-preview.ts';
import { texts } from '../../texts/texts.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input, Select } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { FallbackField } from './fallback-fields.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings, callers } = texts;

interface ChosenVoice {
  readonly tts_provider: string;
  readonly tts_voice_id: string;
  readonly tts_model: string;
}

export function VoiceSection(props: SectionProps) {
  const { client, step } = props;
  const choices = useRead('GET /api/client-choices', {}, { freshMs: Infinity });
  const listed = (values: readonly string[] | undefined, current: string) =>
    [...new Set([...(values ?? []), current])].map((value) => ({ value, label: value }));
  return (
    <SettingsForm
      {...props}
      read={(stored: Client) => ({
        tts_provider: stored.tts_provider,
        tts_voice_id: stored.tts_voice_id,
        tts_model: stored.tts_model,
        llm_model: stored.llm_model,
        stt_model: stored.stt_model,
        stt_fallbacks: stored.stt_fallbacks,
        llm_fallbacks: stored.llm_fallbacks,
        tts_fallbacks: stored.tts_fallbacks,
      })}
    >
      {(form) => {
        const choose = (voice: ChosenVoice) => {
          form.set('tts_provider', voice.tts_provider);
          form.set('tts_voice_id', voice.tts_voice_id);
          form.set('tts_model', voice.tts_model);
        };
        return (
          <>
            <Card title={settings.voices} description={settings.voicesHint}>
              <Voices client={client} chosen={form.values} choose={choose} />
            </Card>
            {!step && (
              <>
                <Card title={settings.ownVoice}>
                  <div className="grid gap-5 sm:grid-cols-2">
                    <Field label={settings.provider} error={form.fault('tts_provider')}>
                      {(control) => (
                        <Select
                          {...control}
                          value={form.values.tts_provider}
                          options={listed(
                            choices.data?.tts_providers,
                            form.values.tts_provider,
                          ).map(({ value }) => ({ value, label: providerName(value) }))}
                          onChange={(event) =>
                            choose({
                              tts_provider: event.target.value,
                              tts_voice_id: '',
                              tts_model: '',
                            })
                          }
                        />
                      )}
                    </Field>
                    <Field
                      label={settings.voiceId}
                      hint={settings.voiceIdHint}
                      error={form.fault('tts_voice_id')}
                    >
                      {(control) => (
                        <Input
                          {...control}
                          className="font-mono"
                          spellCheck={false}
                          value={form.values.tts_voice_id}
                          onChange={(event) => form.set('tts_voice_id', event.target.value)}
                        />
                      )}
                    </Field>
                  </div>
                </Card>
                <Card title={settings.models}>
                  <div className="grid gap-5 sm:grid-cols-2">
                    <Field label={settings.llm} error={form.fault('llm_model')}>
                      {(control) => (
                        <Select
                          {...control}
                          value={form.values.llm_model}
                          options={listed(choices.data?.llm_models, form.values.llm_model)}
                          onChange={(event) => form.set('llm_model', event.target.value)}
                        />
                      )}
                    </Field>
                    <Field label={settings.stt} error={form.fault('stt_model')}>
                      {(control) => (
                        <Select
                          {...control}
                          value={form.values.stt_model}
                          options={listed(choices.data?.stt_models, form.values.stt_model)}
                          onChange={(event) => form.set('stt_model', event.target.value)}
                        />
                      )}
                    </Field>
                  </div>
                </Card>
                <Card title={callers.fallbacks} description={callers.fallbacksText}>
                  <div className="grid gap-5 sm:grid-cols-3">
                    <FallbackField
                      label={callers.hearing}
                      error={form.fault('stt_fallbacks')}
                      value={form.values.stt_fallbacks}
                      choices={choices.data?.stt_models}
                      onChange={(value) => form.set('stt_fallbacks', value)}
                    />
                    <FallbackField
                      label={callers.thinking}
                      error={form.fault('llm_fallbacks')}
                      value={form.values.llm_fallbacks}
                      choices={choices.data?.llm_models}
                      onChange={(value) => form.set('llm_fallbacks', value)}
                    />
                    <FallbackField
                      label={callers.speaking}
                      error={form.fault('tts_fallbacks')}
                      value={form.values.tts_fallbacks}
                      choices={choices.data?.tts_providers}
                      names={settings.voiceProviders}
                      onChange={(value) => form.set('tts_fallbacks', value)}
                    />
                  </div>
                </Card>
              </>
            )}
          </>
        );
      }}
    </SettingsForm>
  );
}

function providerName(provider: string): string {
  return settings.voiceProviders[provider] ?? provider;
}

function Voices({
  client,
  chosen,
  choose,
}: {
  readonly client: Client;
  readonly chosen: ChosenVoice;
  readonly choose: (voice: ChosenVoice) => void;
}) {
  const voices = useRead('GET /api/clients/{client_id}/voices', {
    params: { client_id: client.id },
  });
  const preview = usePreview(client.id);
  const name = useId();
  return (
    <QueryView query={voices}>
      {(listed) => (
        <fieldset>
          <legend className="sr-only">{settings.voices}</legend>
          <div className="grid gap-2.5 sm:grid-cols-2">
            {listed.map((voice) => {
              const { provider, voice_id: voiceId, model, is_default: usual } = voice;
              const key = `${provider} ${voiceId} ${model}`;
              const isChosen =
                provider === chosen.tts_provider &&
                (voiceId === chosen.tts_voice_id || (usual && chosen.tts_voice_id === '')) &&
                (chosen.tts_model === '' || model === chosen.tts_model);
              const isPlaying = preview.playing === key;
              return (
                <div
                  key={key}
                  className={classes(
                    'relative flex items-center gap-3 rounded-xl border px-3.5 py-2.5 transition-colors',
                    isChosen
                      ? 'border-accent bg-accent-soft/50'
                      : 'border-line hover:border-line-strong',
                  )}
                >
                  <input
                    type="radio"
                    name={name}
                    aria-label={settings.chooseVoice(voice.name)}
                    checked={isChosen}
                    className="accent-accent after:absolute after:inset-0 after:rounded-xl"
                    onChange={() =>
                      choose({ tts_provider: provider, tts_voice_id: voiceId, tts_model: model })
                    }
                  />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-sm font-medium">{voice.name}</span>
                    <span className="block truncate text-xs text-faint">
                      {providerName(provider)}
                    </span>
                  </span>
                  {isPlaying && preview.isLoading ? (
                    <span className="relative flex size-9 items-center justify-center">
                      <Spinner />
                    </span>
                  ) : (
                    <IconButton
                      icon={isPlaying ? Square : Volume2}
                      label={isPlaying ? settings.stopHearing : settings.hearVoice(voice.name)}
                      className="relative"
                      onClick={() =>
                        isPlaying
                          ? preview.stop()
                          : preview.play(key, {
                              tts_provider: provider,
                              tts_model: model,
                              tts_voice_id: voiceId,
                            })
                      }
                    />
                  )}
                </div>
              );
            })}
          </div>
          {preview.error !== undefined && <FieldError>{explain(preview.error)}</FieldError>}
        </fieldset>
      )}
    </QueryView>
  );
}

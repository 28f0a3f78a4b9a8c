// What the receptionist may do besides talking.

import { useRead } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { FieldError } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { OwnToolsCard } from './own-tools-card.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';
import { ToolServersCard } from './tool-servers-card.tsx';

const { settings } = texts;

export function ToolsSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <BuiltInTools {...props} />
      {!props.step && <OwnToolsCard clientId={props.client.id} />}
      {!props.step && <ToolServersCard clientId={props.client.id} />}
    </div>
  );
}

function BuiltInTools(props: SectionProps) {
  const choices = useRead('GET /api/client-choices', {}, { freshMs: Infinity });
  return (
    <SettingsForm {...props} read={(client: Client) => ({ enabled_tools: client.enabled_tools })}>
      {(form) => {
        const enabled = form.values.enabled_tools;
        const names = choices.data?.tools ?? Object.keys(settings.toolNames);
        const error = form.fault('enabled_tools');
        return (
          <Card title={settings.tools} description={settings.toolsHint}>
            <div className="space-y-5">
              {names.map((tool) => {
                const [name, hint] = settings.toolNames[tool] ?? [tool, ''];
                return (
                  <Switch
                    key={tool}
                    label={name}
                    hint={hint}
                    checked={enabled.includes(tool)}
                    onChange={(on) =>
                      form.set(
                        'enabled_tools',
                        on ? [...enabled, tool] : enabled.filter((each) => each !== tool),
                      )
                    }
                  />
                );
              })}
            </div>
            {error && <FieldError>{error}</FieldError>}
          </Card>
        );
      }}
    </SettingsForm>
  );
}

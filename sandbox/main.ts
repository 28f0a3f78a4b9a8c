// The sandbox process: every stand-in and the phone on free loopback ports, for one server, as long as that lives.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calleePlanOf, dialPlanOf } from './called-people.ts';
import { parentGone } from './parent.ts';
import { AgentWords } from './phone/agent-words.ts';
import { startControlApi } from './phone/control-api.ts';
import { Phone } from './phone/phone.ts';
import { openGrammarHearing } from './speech/grammar-hearing.ts';
import { openSpeaker } from './speech/speaking.ts';
import type { Speaker, Voice } from './speech/speaking.ts';
import { startStandIns } from './stand-ins.ts';
import {
  openSandboxSecrets,
  readKnownSpeech,
  removeSandboxState,
  writeKnownSpeech,
  writeSandboxState,
} from './state-file.ts';
import type { SandboxState } from './state-file.ts';
import { startTwilio } from './vendors/twilio/twilio.ts';

const LINE_RATE = 8000;
/** With three callers each. */
const HEARING_WORKERS = 2;

interface Settings {
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly demo: SandboxState['demo'] | undefined;
}

const settings = readSettings(process.argv.slice(2));
// From the first moment: who presses Ctrl-C during the start means the parent, too.
const gone = parentGone();
const sandbox = await startSandbox(settings);
writeSandboxState(settings.dataDir, sandbox.state);
console.log(JSON.stringify(sandbox.state));
await gone;
removeSandboxState(settings.dataDir, process.pid);
await sandbox.close();
process.exit(0);

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      'data-dir': { type: 'string', default: 'data' },
      'public-url': { type: 'string', default: 'http://localhost:8000' },
      'demo-number': { type: 'string' },
      'demo-name': { type: 'string', default: 'the demo client' },
    },
  });
  const number = values['demo-number'];
  return {
    dataDir: values['data-dir'],
    publicUrl: values['public-url'],
    demo: number === undefined ? undefined : { number, name: values['demo-name'] },
  };
}

async function startSandbox({ dataDir, publicUrl, demo }: Settings): Promise<{
  readonly state: SandboxState;
  close(): Promise<void>;
}> {
  const secrets = openSandboxSecrets(dataDir);
  const agentWords = new AgentWords(readKnownSpeech(dataDir));
  // Two voices: a caller who is being made ready must not hold up the agent's answer to another.
  const callerSpeaker = openSpeaker();
  const rawSpeaker = openSpeaker();
  const agentSpeaker = overheard(rawSpeaker, agentWords);
  // Both are slow at first, and the first caller must not be the one to wait.
  const [hearing] = await Promise.all([
    openGrammarHearing({ workers: HEARING_WORKERS }),
    rawSpeaker.speak('Ready.', { voice: 'slt', sampleRate: LINE_RATE }),
  ]);
  const phone = new Phone({
    accountSid: secrets.accountSid,
    authToken: secrets.authToken,
    realTime: true,
    dial: ({ target }) => dialPlanOf(target),
    speak: async (text, { voice, speed }) => {
      const spoken = await callerSpeaker.speak(text, {
        voice: voice as Voice,
        speed,
        sampleRate: LINE_RATE,
      });
      return spoken.samples;
    },
  });
  const statusCallback = `${publicUrl}/voice/status`;
  const [standIns, twilio, control] = await Promise.all([
    startStandIns(
      secrets,
      { speaker: agentSpeaker, hearing },
      { calendarFile: join(dataDir, 'sandbox-calendars.json'), publicUrl },
    ),
    startTwilio({ phone, answers: calleePlanOf }),
    startControlApi({ phone, token: secrets.phone, publicUrl, agentWords, statusCallback }),
  ]);
  const { accountSid, authToken } = secrets;
  return {
    state: {
      pid: process.pid,
      publicUrl,
      ...standIns.addresses,
      twilio: { url: twilio.url, accountSid, authToken },
      phone: { url: control.url, token: secrets.phone },
      ...(demo ? { demo } : {}),
    },
    async close() {
      writeKnownSpeech(dataDir, agentWords.known);
      await phone.hangUpAll();
      await Promise.all([control.close(), twilio.close(), standIns.close()]);
      await Promise.all([callerSpeaker.close(), agentSpeaker.close(), hearing.close()]);
    },
  };
}

/** `speaker`, with everything it says remembered, so that the phone can tell what its caller heard. */
function overheard(speaker: Speaker, agentWords: AgentWords): Speaker {
  return {
    ...speaker,
    async speak(text, options) {
      const spoken = await speaker.speak(text, options);
      agentWords.add({ text, sampleRate: options.sampleRate, ...spoken });
      return spoken;
    },
  };
}

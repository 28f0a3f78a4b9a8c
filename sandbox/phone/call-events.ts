// What a call of the phone reports, as it happens. Times are milliseconds since the caller dialled.

export type PhoneEvent = { readonly atMs: number } & PhoneEventKind;

export type PhoneEventKind =
  /** The application answered one of the carrier's requests; 0 means it did not. */
  | {
      readonly type: 'webhook';
      readonly url: string;
      readonly status: number;
      readonly elapsedMs: number;
    }
  | { readonly type: 'status'; readonly status: CallStatus }
  /** A verb begins. `text` is what is said, dialled or redirected to. */
  | {
      readonly type: 'verb';
      readonly name: string;
      readonly attributes: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly type: 'dial'; readonly target: string; readonly status: string }
  /** The called person hears something, or presses a key, before they are connected. */
  | { readonly type: 'called-hears'; readonly text: string }
  | { readonly type: 'called-presses'; readonly keys: string }
  /** Caller and called talk with each other. */
  | { readonly type: 'bridged'; readonly target: string }
  | { readonly type: 'stream-started'; readonly streamSid: string; readonly url: string }
  | {
      readonly type: 'stream-ended';
      readonly streamSid: string;
      readonly by: 'server' | 'carrier' | 'cut' | 'refused';
      readonly connectedMs: number;
      readonly reason: string;
    }
  | { readonly type: 'caller-speaks'; readonly text: string }
  | { readonly type: 'caller-quiet' }
  | { readonly type: 'key'; readonly digit: string }
  /** The caller hears the agent begin; pauses up to 300 ms are not reported. */
  | { readonly type: 'agent-speaks' }
  /** The agent has been quiet for 300 ms; `atMs` is when the last sound ended, `spokeMs` how long it spoke. */
  | { readonly type: 'agent-quiet'; readonly spokeMs: number }
  | { readonly type: 'mark'; readonly name: string; readonly played: boolean }
  | { readonly type: 'clear'; readonly droppedMs: number }
  /** Twilio's number and text of what the application did wrong. */
  | { readonly type: 'warning'; readonly code: number; readonly message: string }
  /** The application changed the call by REST. */
  | { readonly type: 'update'; readonly change: 'completed' | 'twiml' | 'url' }
  /** What the script of the caller has to say about itself. */
  | { readonly type: 'remark'; readonly text: string }
  | { readonly type: 'ended'; readonly summary: CallSummary };

export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

/** Who brought a call to its end. */
export type EndedBy = 'caller' | 'callee' | 'rest' | 'twiml' | 'failure';

export interface CallSummary {
  readonly callSid: string;
  readonly status: CallStatus;
  readonly endedBy: EndedBy;
  /** What went wrong with the call as a whole, in words. */
  readonly failure: string | undefined;
  /** From answer to end. */
  readonly durationMs: number;
  /** Time with a media stream, all streams together. */
  readonly connectedMs: number;
  readonly streams: number;
  /** Names of the verbs that ran, in order. */
  readonly verbs: readonly string[];
  /** What `<Say>` said. */
  readonly said: readonly string[];
  readonly times: LineTimes;
  readonly framesSent: number;
  /** Agent audio that arrived, and what of it a `clear` threw away. */
  readonly receivedMs: number;
  readonly clearedMs: number;
  readonly warnings: readonly { readonly code: number; readonly message: string }[];
}

/** What the caller noticed, measured on the line. */
export interface LineTimes {
  /** First `start` to the first audio of the agent, which may begin with silence. */
  readonly firstAudioMs: number | undefined;
  /** First `start` to the first sound the caller hears. */
  readonly greetingMs: number | undefined;
  /** One for each thing the caller said that was answered before the caller spoke again. */
  readonly responses: readonly {
    readonly text: string;
    /** When the caller's sound ended. */
    readonly atMs: number;
    /** From there to the agent's first sound. */
    readonly responseMs: number;
  }[];
  /** One for each time the caller spoke into the agent's speech. */
  readonly bargeIns: readonly {
    readonly atMs: number;
    /** From the caller's onset to silence; undefined when the agent spoke on past the caller's words. */
    readonly silentAfterMs: number | undefined;
  }[];
}

// Microphone and speaker of a call, opened together and closed together.

import worklets from './audio-worklets.ts?worker&url';

export interface Sound {
  /** Sound to be played, 16 bits at 16 kHz, in order. */
  play(samples: Int16Array): void;
  /** `onMark` is told the name when everything before it has been played. */
  mark(name: string): void;
  /** Drops, at once, what has not been played. */
  clear(): void;
  /** A muted microphone sends silence. */
  setMuted(muted: boolean): void;
  close(): void;
}

export interface SoundParts {
  /** 16 bits at 16 kHz, some 40 ms at a time. */
  readonly onSamples: (samples: ArrayBuffer) => void;
  readonly onMark: (name: string) => void;
}

/** The browser asks for the microphone. Throws a DOMException where it may not be used, or there is none. */
export async function openSound({ onSamples, onMark }: SoundParts): Promise<Sound> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {
      channelCount: 1,
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
  });
  const context = new AudioContext({ latencyHint: 'interactive' });
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(worklets);
    await context.resume();
  } catch (error) {
    close();
    throw error;
  }
  const microphone = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 });
  microphone.port.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) =>
    onSamples(data),
  );
  microphone.port.start();
  context.createMediaStreamSource(stream).connect(microphone);
  const speaker = new AudioWorkletNode(context, 'speaker', {
    numberOfInputs: 0,
    outputChannelCount: [1],
  });
  speaker.port.addEventListener('message', ({ data }: MessageEvent<string>) => onMark(data));
  speaker.port.start();
  speaker.connect(context.destination);
  return {
    play: (samples) => speaker.port.postMessage({ type: 'audio', samples }, [samples.buffer]),
    mark: (name) => speaker.port.postMessage({ type: 'mark', name }),
    clear: () => speaker.port.postMessage({ type: 'clear' }),
    setMuted(muted) {
      for (const track of stream.getAudioTracks()) track.enabled = !muted;
    },
    close,
  };
}

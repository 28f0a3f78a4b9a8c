// The two ends of a call in the browser's sound thread: the microphone as 16 kHz pieces, and the voice back to the speaker.

// What this scope has and the types of a page do not know.
declare const sampleRate: number;
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const LINE_RATE = 16_000;
/** Samples in a message to the server: 40 ms. */
const PIECE = 640;
/** Sound kept for the speaker; the server sends some 300 ms ahead. */
const QUEUE_MAX = LINE_RATE * 30;

/** From the device's rate down to the line's: the mean of what falls into each sample. */
class Microphone extends AudioWorkletProcessor {
  #piece = new Int16Array(PIECE);
  #filled = 0;
  #sum = 0;
  #count = 0;
  #phase = 0;

  process([input]: Float32Array[][]): boolean {
    const samples = input?.[0];
    if (!samples) return true;
    const step = LINE_RATE / sampleRate;
    for (const sample of samples) {
      this.#sum += sample;
      this.#count += 1;
      this.#phase += step;
      // More than once where the device is slower than the line.
      while (this.#phase >= 1) {
        this.#phase -= 1;
        this.#push(this.#count > 0 ? this.#sum / this.#count : sample);
        this.#sum = 0;
        this.#count = 0;
      }
    }
    return true;
  }

  #push(value: number): void {
    const limited = Math.max(-1, Math.min(1, value));
    this.#piece[this.#filled] = limited * 32_767;
    this.#filled += 1;
    if (this.#filled < PIECE) return;
    const { buffer } = this.#piece;
    this.port.postMessage(buffer, [buffer]);
    this.#piece = new Int16Array(PIECE);
    this.#filled = 0;
  }
}

type Order =
  | { readonly type: 'audio'; readonly samples: Int16Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' };

/** From the line's rate up to the device's, by straight lines. Says when a mark has been reached. */
class Speaker extends AudioWorkletProcessor {
  #queue: (Int16Array | string)[] = [];
  #queued = 0;
  #place = 0;
  #before = 0;
  #next = 0;
  #phase = 1;

  constructor() {
    super();
    this.port.addEventListener('message', ({ data }: MessageEvent<Order>) => this.#take(data));
    this.port.start();
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const samples = output?.[0];
    if (!samples) return true;
    const step = LINE_RATE / sampleRate;
    for (let at = 0; at < samples.length; at += 1) {
      while (this.#phase >= 1) {
        this.#phase -= 1;
        this.#before = this.#next;
        this.#next = this.#read();
      }
      samples[at] = this.#before + (this.#next - this.#before) * this.#phase;
      this.#phase += step;
    }
    return true;
  }

  #take(order: Order): void {
    if (order.type === 'clear') {
      this.#queue = [];
      this.#queued = 0;
      this.#place = 0;
      return;
    }
    if (order.type === 'mark') this.#queue.push(order.name);
    else if (this.#queued < QUEUE_MAX) {
      this.#queue.push(order.samples);
      this.#queued += order.samples.length;
    }
    this.#passMarks();
  }

  /** Silence when there is nothing. */
  #read(): number {
    const piece = this.#queue[0];
    if (piece === undefined || typeof piece === 'string') return 0;
    const value = (piece[this.#place] ?? 0) / 32_768;
    this.#place += 1;
    if (this.#place >= piece.length) {
      this.#queue.shift();
      this.#queued -= piece.length;
      this.#place = 0;
      this.#passMarks();
    }
    return value;
  }

  #passMarks(): void {
    while (typeof this.#queue[0] === 'string') {
      this.port.postMessage(this.#queue.shift());
    }
  }
}

registerProcessor('microphone', Microphone);
registerProcessor('speaker', Speaker);

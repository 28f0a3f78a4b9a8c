// A process that tries the speaker of LiveKit's package, prints what it counted as JSON, and ends by force.

const rtc = await import('@livekit/rtc-node').catch(() => process.exit(3));
const source = new rtc.AudioSource(8000, 1, 1000);
const frame = new rtc.AudioFrame(new Int16Array(800).fill(5000), 8000, 1, 800);
for (let n = 0; n < 4; n += 1) await source.captureFrame(frame);
const queued = source.queuedDuration;
source.clearQueue();
const cleared = source.queuedDuration;
await source.captureFrame(frame);
await source.waitForPlayout();
const played = source.queuedDuration;
process.stdout.write(`${JSON.stringify({ queued, cleared, played })}\n`, () => process.exit(0));

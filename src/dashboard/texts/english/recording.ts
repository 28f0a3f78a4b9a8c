// Listening to what was recorded.

export const recording = {
  title: 'Recording',
  play: 'Play',
  pause: 'Pause',
  position: 'Place in the recording',
  speed: 'Speed',
  download: 'Download the recording',
  notPlayed: 'The recording could not be played.',
  hearFrom: (time: string) => `Listen from ${time}`,
};

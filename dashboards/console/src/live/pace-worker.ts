/** Says back every length of time, in milliseconds, that it is told, again and again. */
self.onmessage = ({ data: ms }: MessageEvent<number>) => {
  self.setInterval(() => self.postMessage(ms), ms);
};

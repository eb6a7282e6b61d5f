// Records a voice note with the browser's microphone.

const TYPES = ["audio/ogg;codecs=opus", "audio/mp4", "audio/webm;codecs=opus"];

/** Begins a recording, or returns null when there is no microphone to be had. */
export async function recorder() {
  if (!navigator.mediaDevices || !globalThis.MediaRecorder) return null;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return null;
  }
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const machine = new MediaRecorder(stream, mimeType ? { mimeType } : {});
  const pieces = [];
  machine.addEventListener("dataavailable", (event) => pieces.push(event.data));
  machine.start();
  const stop = () =>
    new Promise((resolve) => {
      machine.addEventListener("stop", () => {
        for (const track of stream.getTracks()) track.stop();
        const type = machine.mimeType.replace(";codecs", "; codecs");
        resolve(new File(pieces, "audio", { type }));
      });
      machine.stop();
    });
  return { stop };
}

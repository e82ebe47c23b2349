// Words of what a session leaves, and of how it is looked at again.
export const past = {
  "report.drawn": "The report is being drawn. What was recorded is kept.",
  "report.not": "The report is not drawn yet. What was recorded is kept.",
  "report.draw": "Draw the report",
  "report.draw.what": "Draw the report of {what}, {when}",
  "app.notRunning": "Lengthwise is not running on this machine any more. Start it again.",
  "app.notDone": "That could not be done.",
  "camera.asks": "Your browser asks whether this page may use the camera: allow it.",
  "camera.blind": "I do not see you now: come back slowly, and rest.",
  "camera.again": "Use the camera again",
  "camera.denied": "The camera is not allowed for this page. Allow it beside the address, then use it again. Pictures never leave this browser.",
  "camera.missing": "No camera was found, or another program uses it. Plug one in or close that program, then use it again.",
  "camera.taken": "The camera was taken away: it was unplugged, or its leave was taken back. Give it back, then use it again.",
  "camera.none": "The camera cannot be used now.",
  "camera.model": "What finds you in the picture could not be loaded: {why}",
  "stop.waits": "You have stopped: come back slowly, and rest.",
  "stop.later": "Your stop is not kept yet, as the connection is lost. It is kept as soon as the connection is there, also when you open this page again.",
};

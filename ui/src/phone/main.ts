// The phone's page: ask, pair, read, send, stop.
import { picture } from "./picture";
import { Reader } from "./reader";
import { pair, pageSeconds, Sender } from "./sender";
import type { Heard } from "./wire";
import { PLACES, SAYS, WORDS } from "./spoken";

const HOLD_MS = 800;
const MOTION_WITHIN_MS = 4000;
const CLOCK_FAR_S = 2;
const KEPT = "phone-token";

interface Asks {
  requestPermission?: () => Promise<string>;
}

const page = document.getElementById("page") as HTMLElement;
const apple = navigator.vendor.startsWith("Apple") && navigator.maxTouchPoints > 0;
let sender: Sender | null = null;
let lock: WakeLockSentinel | null = null;
let shown = "";

function show(kind: string, ...parts: (Node | string)[]): void {
  page.dataset["state"] = kind;
  page.replaceChildren(...parts);
}

function text(tag: string, content: string, role = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = content;
  if (role) element.setAttribute("role", role);
  return element;
}

function askFirst(said = ""): void {
  const button = text("button", WORDS.allow);
  button.addEventListener("click", () => void begin());
  const parts = [text("h1", WORDS.title), text("p", WORDS.sends), text("p", WORDS.sendsNot), button];
  if (said) parts.push(text("p", said, "alert"));
  show("ask", ...parts);
}

/** The code leaves the address at once: it is good for one use. */
function codeOnce(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code !== null) history.replaceState(null, "", location.pathname);
  return code;
}

let code = codeOnce();

// Scanned again while this page is open: only the part after # changes, and nothing is loaded.
window.addEventListener("hashchange", () => {
  code = codeOnce() ?? code;
});

async function begin(): Promise<void> {
  // Both belong to one tap: what is asked after a wait is refused without a question.
  if (!(await allowed())) {
    askFirst(WORDS.denied);
    return;
  }
  try {
    const token = code === null ? sessionStorage.getItem(KEPT) : await pair(code);
    code = null;
    if (token === null) {
      askFirst(WORDS.noCode);
      return;
    }
    sessionStorage.setItem(KEPT, token);
    read(token);
  } catch {
    askFirst(WORDS.noNetwork);
  }
}

async function allowed(): Promise<boolean> {
  if (typeof DeviceMotionEvent === "undefined") return true;
  const asked = [DeviceMotionEvent, window.DeviceOrientationEvent] as unknown as Asks[];
  const answers = asked.map((kind) => kind?.requestPermission?.() ?? Promise.resolve("granted"));
  const [motion] = await Promise.allSettled(answers);
  return motion?.status === "fulfilled" && motion.value === "granted";
}

function read(token: string): void {
  const reader = new Reader(apple);
  const to = new Sender(token, {
    heard: (heard) => tell(heard),
    unheard: () => say(WORDS.unheard, WORDS.unheardMore, null, "unheard"),
    over: () => over(),
  });
  sender = to;
  let moved = false;
  window.ondeviceorientation = (event) => reader.orientation(stamp(event), event.beta, event.gamma);
  window.ondevicemotion = (event) => {
    const reading = reader.motion(event, stamp(event));
    moved = true;
    if (reading !== null) to.bring(reading);
  };
  window.setTimeout(() => {
    if (sender !== to || (moved && !reader.lacksTurns)) return;
    void leave();
    askFirst(moved ? WORDS.noTurns : WORDS.noMotion);
  }, MOTION_WITHIN_MS);
  void keepAwake();
  say(SAYS.wait.now, SAYS.wait.more, null, "wait");
}

/** Seconds of the page's clock; some engines stamp events by another one. */
function stamp(event: Event): number {
  const now = pageSeconds();
  const at = event.timeStamp / 1000;
  return Math.abs(at - now) < CLOCK_FAR_S ? at : now;
}

async function keepAwake(): Promise<void> {
  try {
    lock = (await navigator.wakeLock?.request("screen")) ?? null;
  } catch {
    lock = null;
  }
  page.dataset["awake"] = String(lock !== null);
}

document.addEventListener("visibilitychange", () => {
  if (sender !== null && document.visibilityState === "visible") void keepAwake();
});

function tell(heard: Heard): void {
  const says = SAYS[heard.says];
  say(says.now, says.more, heard.place, heard.says);
  const rate = heard.rate_hz === null ? "" : filled(WORDS.rate, heard.rate_hz);
  const count = document.getElementById("count");
  if (count) count.textContent = `${filled(WORDS.received, heard.received)}${rate}`;
}

function filled(words: string, n: number): string {
  return words.replace("{n}", String(Math.round(n)));
}

/** Drawn only where it says something else, so that a finger on Stop is not lost. */
function say(now: string, more: string, place: string | null, kind: string): void {
  const key = [now, more, place].join("|");
  if (key === shown) return;
  shown = key;
  const parts: (Node | string)[] = [text("h1", now, "status"), text("p", more)];
  const drawn = place === null ? null : picture(place);
  if (place !== null && drawn !== null) {
    parts.push(drawn, text("p", `${PLACES[place] ?? ""} ${WORDS.how}`));
  }
  if (page.dataset["awake"] === "false") parts.push(text("p", WORDS.screen));
  const count = text("p", "");
  count.id = "count";
  show(kind, ...parts, count, stopButton(), text("small", `${WORDS.sends} ${WORDS.sendsNot}`));
}

/** Held, since a waistband presses on it too; by keyboard at once. */
function stopButton(): HTMLElement {
  const button = text("button", WORDS.stop);
  button.className = "stop";
  let held: number | undefined;
  button.addEventListener("pointerdown", () => {
    held = window.setTimeout(() => void leave().then(over), HOLD_MS);
  });
  for (const gone of ["pointerup", "pointerleave", "pointercancel"])
    button.addEventListener(gone, () => window.clearTimeout(held));
  button.addEventListener("click", (event) => {
    if (event.detail === 0) void leave().then(over);
  });
  return button;
}

async function leave(): Promise<void> {
  const ending = sender;
  sender = null;
  shown = "";
  window.ondevicemotion = window.ondeviceorientation = null;
  sessionStorage.removeItem(KEPT);
  void lock?.release();
  await ending?.end();
}

function over(): void {
  window.ondevicemotion = window.ondeviceorientation = null;
  sessionStorage.removeItem(KEPT);
  void lock?.release();
  sender = null;
  shown = "";
  show("over", text("h1", SAYS.over.now, "status"), text("p", SAYS.over.more));
}

askFirst();

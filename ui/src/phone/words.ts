// All that this page says. A test reads it for words that alarm.
import type { Says } from "./wire";

export const SAYS: Record<Says, { now: string; more: string }> = {
  wait: { now: "Connected", more: "Go on at your computer." },
  wear: {
    now: "Connected",
    more: "Choose an exercise at your computer and press Start there. It says when to put the phone on.",
  },
  keep_still: { now: "Stand upright and still", more: "For three seconds, as your computer says." },
  worn_otherwise: {
    now: "Turn the phone",
    more: "Top edge up, screen outwards, flat on the body, as in the picture. Then stand still again.",
  },
  worn_well: { now: "It sits well", more: "Leave it there. Your computer leads on." },
  going_on: { now: "Sending motion", more: "Keep this page open. Two firm taps on the phone stop the exercise." },
  between: {
    now: "The exercise is over",
    more: "Leave the phone where it is for the next one, or stop sending.",
  },
  over: { now: "Over", more: "Nothing is sent any more. You can close this page." },
};

export const PLACES: Record<string, string> = {
  sacrum: "On the flat bone between the hips at the back, held by the waistband.",
  belt_buckle: "Where a belt buckle sits, below the navel, held by the waistband.",
  thigh_front_l: "On the front of the left thigh, half way to the knee, under a band.",
  thigh_front_r: "On the front of the right thigh, half way to the knee, under a band.",
};

export const WORDS = {
  title: "Your phone as a sensor",
  sends: "It sends how it moves and turns, to your own computer in this network and nowhere else.",
  sendsNot: "No sound, no image, no place, nothing else of the phone.",
  allow: "Allow and connect",
  stop: "Hold to stop sending",
  unheard: "Your computer is not heard",
  unheardMore:
    "Leave the phone where you wear it: what it feels it keeps for half a minute. " +
    "Are both in the same network? It goes on by itself once they are.",
  noCode: "This code has been used or is too old. Ask for a new one at your computer.",
  noNetwork: "Your computer is not heard. Are both in the same network?",
  denied: "The phone does not let this page read its motion. Close the page, scan again, and allow it.",
  noMotion: "This phone or its browser tells nothing of its motion. Another browser may.",
  noTurns: "This phone has no sensor for turns, so it cannot be used here.",
  screen: "This browser lets the screen go dark. Set it to stay on for ten minutes, in the phone's settings.",
  how: "Screen outwards, top edge up.",
  received: "{n} readings received",
  rate: ", {n} a second",
};

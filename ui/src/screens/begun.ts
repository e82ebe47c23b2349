// A new session, with a phone or worn sensors where they are there: first three seconds of standing
// still with them.
import { begin, type Opened } from "../api";
import type { Standing } from "../parts/card";
import { standWithDevices } from "../parts/devices";
import { standWithPhone } from "../parts/phone";
import { language, t } from "../texts";
import type { Chosen } from "./chosen";

const PATIENCE_MS = 1500;

/** Null where the person gave up while standing. */
export async function begun(
  { exercise, side, heightM, painNow, ramp }: Chosen,
  image: { width_px: number; height_px: number },
  model: string,
  standing: Standing,
): Promise<Opened | null> {
  const phone = await standWithPhone(exercise.id, standing);
  if (!phone) await standWithDevices(standing);
  if (standing.givenUp()) return null;
  // A machine that has just begun, or does much else, takes its time: that it is under way is said.
  const moment = window.setTimeout(() => standing.say(t("app.moment")), PATIENCE_MS);
  return begin({
    phone,
    exercise_id: exercise.id,
    ...image,
    pose_model: `blazepose_${model}`,
    height_m: heightM,
    language,
    ...(painNow === null ? {} : { pain_now: painNow }),
    ...(side === null ? {} : { side }),
    ...(ramp === null ? {} : { ramp: true }),
    ...(ramp?.warm ? { warm: true } : {}),
  }).finally(() => {
    clearTimeout(moment);
    standing.say("");
  });
}

// Dasselbe auf Deutsch, von niemandem geprüft; ein Test liest es auf Worte, die beunruhigen.
import type * as en from "./words";

export const SAYS: typeof en.SAYS = {
  wait: { now: "Verbunden", more: "Mach an deinem Rechner weiter." },
  wear: {
    now: "Verbunden",
    more: "Wähl an deinem Rechner eine Übung und drück dort Start. Er sagt, wann du das Telefon anlegst.",
  },
  keep_still: { now: "Steh aufrecht und still", more: "Drei Sekunden lang, wie dein Rechner es sagt." },
  worn_otherwise: {
    now: "Dreh das Telefon",
    more: "Obere Kante nach oben, Bildschirm nach außen, flach am Körper, wie auf dem Bild. Dann steh noch einmal still.",
  },
  worn_well: { now: "Es sitzt gut", more: "Lass es dort. Dein Rechner führt weiter." },
  going_on: {
    now: "Sendet Bewegung",
    more: "Lass diese Seite offen. Zweimal fest auf das Telefon tippen stoppt die Übung.",
  },
  between: {
    now: "Die Übung ist zu Ende",
    more: "Lass das Telefon für die nächste, wo es ist, oder hör auf zu senden.",
  },
  over: { now: "Zu Ende", more: "Es wird nichts mehr gesendet. Du kannst diese Seite schließen." },
};

export const PLACES: typeof en.PLACES = {
  sacrum: "Auf dem flachen Knochen hinten zwischen den Hüften, vom Hosenbund gehalten.",
  belt_buckle: "Wo eine Gürtelschnalle sitzt, unter dem Nabel, vom Hosenbund gehalten.",
  thigh_front_l: "Vorn am linken Oberschenkel, auf halbem Weg zum Knie, unter einem Band.",
  thigh_front_r: "Vorn am rechten Oberschenkel, auf halbem Weg zum Knie, unter einem Band.",
};

export const WORDS: typeof en.WORDS = {
  title: "Dein Telefon als Sensor",
  sends: "Es sendet, wie es sich bewegt und dreht, an deinen eigenen Rechner in diesem Netz und nirgends sonst hin.",
  sendsNot: "Kein Ton, kein Bild, kein Ort, nichts anderes vom Telefon.",
  allow: "Erlauben und verbinden",
  stop: "Halten, um nicht mehr zu senden",
  unheard: "Dein Rechner ist nicht zu hören",
  unheardMore:
    "Lass das Telefon, wo du es trägst: Was es spürt, behält es eine halbe Minute lang. " +
    "Sind beide im selben Netz? Es geht von selbst weiter, sobald sie es sind.",
  noCode: "Dieser Code ist schon benutzt oder zu alt. Lass dir an deinem Rechner einen neuen zeigen.",
  noNetwork: "Dein Rechner ist nicht zu hören. Sind beide im selben Netz?",
  denied: "Das Telefon lässt diese Seite seine Bewegung nicht lesen. Schließ die Seite, lies den Code noch einmal und erlaube es.",
  noMotion: "Dieses Telefon oder sein Browser sagt nichts von seiner Bewegung. Ein anderer Browser vielleicht.",
  noTurns: "Dieses Telefon hat keinen Sensor für Drehungen, also geht es hier nicht.",
  screen: "Dieser Browser lässt den Bildschirm dunkel werden. Stell in den Einstellungen ein, dass er zehn Minuten an bleibt.",
  how: "Bildschirm nach außen, obere Kante nach oben.",
  received: "{n} Messungen empfangen",
  rate: ", {n} in der Sekunde",
};

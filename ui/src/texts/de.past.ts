// Dieselben Worte auf Deutsch.
import type { past as en } from "./en.past";

export const past: Record<keyof typeof en, string> = {
  "report.drawn": "Die Seite dazu wird gezeichnet. Das Aufgezeichnete ist aufbewahrt.",
  "report.not": "Die Seite dazu ist noch nicht gezeichnet. Das Aufgezeichnete ist aufbewahrt.",
  "report.draw": "Seite zeichnen",
  "report.draw.what": "Seite von {what} zeichnen, {when}",
  "app.notRunning": "Lengthwise läuft auf diesem Rechner nicht mehr. Starte es neu.",
  "app.notDone": "Das ging nicht.",
  "camera.asks": "Dein Browser fragt, ob diese Seite die Kamera verwenden darf: erlaube es.",
  "camera.blind": "Ich sehe dich gerade nicht: komm langsam zurück und ruh dich aus.",
  "camera.again": "Kamera wieder verwenden",
  "camera.denied": "Die Kamera ist dieser Seite nicht erlaubt. Erlaube sie neben der Adresse und verwende sie wieder. Bilder verlassen diesen Browser nie.",
  "camera.missing": "Keine Kamera gefunden, oder ein anderes Programm verwendet sie. Schließe eine an oder beende das Programm und verwende sie wieder.",
  "camera.taken": "Die Kamera wurde weggenommen: abgesteckt, oder nicht mehr erlaubt. Gib sie zurück und verwende sie wieder.",
  "camera.none": "Die Kamera kann jetzt nicht verwendet werden.",
  "camera.model": "Was dich im Bild findet, konnte nicht geladen werden: {why}",
  "stop.waits": "You have stopped: come back slowly, and rest.",
  "stop.later": "Your stop is not kept yet, as the connection is lost. It is kept as soon as the connection is there, also when you open this page again.",
};

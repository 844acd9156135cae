// How long an answer may be. The server decides (accounts.wording.MAX_LENGTH); the page knows it
// too, so as not to send again and again what will be refused.

const MOST = 100_000; // characters of one answer, all its fields together
const UNCOUNTED = /\.(id|ticked|amount)$/; // what isn't text

/** Why an answer of these fields ([[name, value], …]) is too long, or "". */
export function excessOf(pairs) {
  const texts = pairs.filter(([name]) => !UNCOUNTED.test(name)).map(([, value]) => value);
  if (texts.reduce((sum, text) => sum + text.length, 0) <= MOST) {
    return "";
  }
  const length = texts.reduce((sum, text) => sum + charactersIn(text), 0);
  if (length <= MOST) {
    return "";
  }
  const [counted, most] = [length, MOST].map((number) => number.toLocaleString("fr-FR"));
  return `Cette réponse compte ${counted} caractères ; ${most} au plus sont possibles. Raccourcissez-la.`;
}

/** As the server counts: an emoji is one character, not the two of its surrogates. */
function charactersIn(text) {
  let surplus = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    surplus += code >= 0xd800 && code < 0xdc00;
  }
  return text.length - surplus;
}

// SASLprep (RFC 4013) for user names and passwords, without its check of bidirectional text and without
// Unicode 3.2's list of unassigned code points: both only refuse, and refuse nothing that a keyboard types.

// RFC 3454 tables C.1.2 (to a space) and B.1 (to nothing).
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
const NOTHING =
  /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
// Tables C.2 (controls), C.3 (private use), C.4 (no characters), C.5 (surrogates), C.6 and C.7 (specials),
// C.8 and C.9 (display controls and tags); NFKC leaves nothing of the rest of them.
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u06dd\u070f\u180e\u2028-\u202e\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u2ff0-\u2ffb\u200e\u200f\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

/** The prepared text, or undefined when it has a character that may not be there. */
export function saslprep(text: string): string | undefined {
  const mapped = text.replace(OTHER_SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  return PROHIBITED.test(mapped) ? undefined : mapped;
}

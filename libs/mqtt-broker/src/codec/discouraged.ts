const discouraged = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** Whether a text has characters that it should not have; what to do about it, everybody may choose. (1.5.4) */
export function isDiscouraged(text: string): boolean {
  return discouraged.test(text);
}

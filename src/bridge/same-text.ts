/**
 * A text as it is compared. Whether Salesforce keeps white space and line ends as they were sent is unverified, so
 * they do not count; neither does the Unicode form.
 */
export function comparable(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

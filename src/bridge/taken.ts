/**
 * What became of taking in, in time for the platform's answer:
 * `stored` it will be delivered, or its outcome told · `duplicate` it was here before ·
 * `refused` nothing was stored and nothing will be sent · `unsure` Redis does not say which ·
 * `person-full`, `bridge-full` it was not taken, and never will be, because as much waits as is taken of one person, or
 * in all. Where the platform cannot be told (`redelivered`), its writer was.
 */
export type Taken = 'stored' | 'duplicate' | 'refused' | 'unsure' | 'person-full' | 'bridge-full';

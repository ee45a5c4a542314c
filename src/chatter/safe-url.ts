const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Tokens go there: never in the clear, but for loopback (sandbox, tests). @throws Error */
export function assertSafe(url: string, name: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.includes(hostname)))
    throw new Error(`${name} is not https`);
}

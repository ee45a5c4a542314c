/** The error code of a refused call; `ok` when it was not. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'ok',
    (error: { data?: { error?: string } }) => error.data?.error,
  );
}

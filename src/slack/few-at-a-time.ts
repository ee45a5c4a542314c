/**
 * Does the work for all, a few at a time, and gives what came of it in the same order. After a failure nothing more is
 * begun, and the first one is thrown: whoever is refused for a while should not ask hundreds of times more.
 */
export async function fewAtATime<T, R>(
  all: readonly T[],
  few: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  let isOver = false;
  const worker = async () => {
    for (const [n, one] of left) {
      if (isOver) return;
      try {
        results[n] = await work(one);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(few, all.length) }, worker));
  return results;
}

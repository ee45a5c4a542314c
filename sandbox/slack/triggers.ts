/** How long a trigger id opens a modal (Slack docs, "Handling user interaction"). */
export const TRIGGER_LIFE_MS = 3_000;

export type SpentTrigger = 'invalid' | 'expired' | 'exchanged';

/** Trigger ids: handed out with every interaction, good once and for three seconds. */
export class Triggers {
  readonly #now: () => number;
  readonly #issued = new Map<string, { readonly user: string; readonly at: number; used: boolean }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(user: string): string {
    const id = `${this.#issued.size + 1}.${this.#now()}.${user.toLowerCase()}`;
    this.#issued.set(id, { user, at: this.#now(), used: false });
    return id;
  }

  /** Spends a trigger id: the person it stands for, or why it opens nothing. */
  exchange(id: string): { readonly user: string } | { readonly refused: SpentTrigger } {
    const trigger = this.#issued.get(id);
    if (!trigger) return { refused: 'invalid' };
    if (trigger.used) return { refused: 'exchanged' };
    if (this.#now() - trigger.at > TRIGGER_LIFE_MS) return { refused: 'expired' };
    trigger.used = true;
    return { user: trigger.user };
  }
}

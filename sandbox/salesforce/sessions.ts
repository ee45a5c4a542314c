import { randomBytes } from 'node:crypto';

/** Access tokens alive: nobody is told when they end (no `expires_in`), a 401 is the only sign. */
export class Sessions {
  readonly #userIdByToken = new Map<string, string>();

  /** A token that acts as this user. */
  open(orgId: string, userId: string, reuse: boolean): string {
    const alive = [...this.#userIdByToken].find(([, id]) => id === userId);
    if (reuse && alive) return alive[0];
    const token = `${orgId.slice(0, 15)}!AQ${randomBytes(24).toString('base64url')}`;
    this.#userIdByToken.set(token, userId);
    return token;
  }

  userId(token: string): string | undefined {
    return this.#userIdByToken.get(token);
  }

  /** Ends all sessions, or one user's. */
  expire(userId?: string): void {
    for (const [token, id] of this.#userIdByToken) {
      if (userId === undefined || id === userId) this.#userIdByToken.delete(token);
    }
  }
}

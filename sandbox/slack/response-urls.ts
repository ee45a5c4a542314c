import { appMessage } from './app-messages.ts';
import { checkBlocks } from './block-check.ts';
import { withIds } from './block-ids.ts';
import type { MessageFeed } from './message-feed.ts';
import type { Ephemeral, Fields, Message } from './shapes.ts';
import type { Switches } from './switches.ts';
import type { Workspace } from './workspace.ts';

/** A response_url can be used five times in thirty minutes (Slack docs, "Handling user interaction"). */
export const MAX_USES = 5;
export const LIFE_MS = 30 * 60_000;

interface ResponseUrl {
  readonly user: string;
  readonly channel: string;
  readonly at: number;
  /** What `replace_original` and `delete_original` are about: the message that a button is in. */
  readonly original?: Message | Ephemeral;
  /** The ephemeral answer to a command, once there is one. */
  answer?: Ephemeral;
  uses: number;
}

export interface ResponseUrlAnswer {
  readonly status: number;
  readonly body: string;
}

/** Hands out response_urls and does what is posted to them: no token, no membership needed. */
export class ResponseUrls {
  /** Where this server is reached; known when it listens. */
  baseUrl = '';
  readonly #workspace: Workspace;
  readonly #feed: MessageFeed;
  readonly #switches: Switches;
  readonly #issued = new Map<string, ResponseUrl>();

  constructor(workspace: Workspace, feed: MessageFeed, switches: Switches) {
    this.#workspace = workspace;
    this.#feed = feed;
    this.#switches = switches;
  }

  /** A new URL: `/commands/…` for a command, `/actions/…` for a press of a button or a shortcut. */
  issue(kind: 'commands' | 'actions', user: string, channel: string, original?: Message | Ephemeral): string {
    const { team, ids, now } = this.#workspace;
    const path = `/${kind}/${team.id}/${ids.next('')}/${crypto.randomUUID().replaceAll('-', '')}`;
    this.#issued.set(path, { user, channel, at: now(), ...(original ? { original } : {}), uses: 0 });
    return this.baseUrl + path;
  }

  /** Shows the answer to a command itself, the body of the app's 200. */
  answerCommand(url: string, content: Fields): void {
    const issued = this.#issued.get(url.slice(this.baseUrl.length));
    if (!issued) return;
    if (content.response_type === 'in_channel') this.#postInChannel(issued, content);
    else issued.answer = this.#addEphemeral(issued, content, 'answer');
  }

  isResponseUrl(path: string): boolean {
    return path.startsWith('/commands/') || path.startsWith('/actions/');
  }

  /** What a POST to a response_url does. A URL that is used up or too old is gone: 404. */
  use(path: string, content: Fields | undefined): ResponseUrlAnswer {
    const issued = this.#issued.get(path);
    if (!issued || this.#workspace.now() - issued.at > LIFE_MS) return { status: 404, body: 'expired_url' };
    if (issued.uses >= MAX_USES) return { status: 404, body: 'used_url' };
    if (!content) return { status: 400, body: 'invalid_payload' };
    const refused = this.#refusal(content);
    if (refused) return { status: 400, body: JSON.stringify({ ok: false, error: refused }) };
    issued.uses += 1;
    this.#act(issued, content);
    return { status: 200, body: 'ok' };
  }

  #refusal(content: Fields): string | undefined {
    if (content.delete_original === true) return undefined;
    if (content.blocks !== undefined) {
      const problems = checkBlocks(content.blocks, { uniqueIds: this.#switches.idsMustBeUnique });
      return problems.length > 0 ? 'invalid_blocks' : undefined;
    }
    return typeof content.text === 'string' && content.text !== '' ? undefined : 'no_text';
  }

  #act(issued: ResponseUrl, content: Fields): void {
    const original =
      issued.original ?? (this.#switches.commandAnswerIsReplaceable ? issued.answer : undefined);
    if (content.delete_original === true) {
      // "Not for slash command originals": there it does nothing.
      if (issued.original) this.#delete(issued.original);
    } else if (content.replace_original === true && original) {
      this.#replace(original, content);
    } else if (content.response_type === 'in_channel') {
      this.#postInChannel(issued, content);
    } else {
      const ephemeral = this.#addEphemeral(issued, content, 'response_url');
      issued.answer ??= ephemeral;
    }
  }

  #replace(original: Message | Ephemeral, content: Fields): void {
    const change = (shown: Message | Ephemeral) => {
      shown.text = String(content.text ?? '');
      if (Array.isArray(content.blocks)) shown.blocks = this.#withIds(content.blocks);
      else delete shown.blocks;
    };
    if ('type' in original) {
      void this.#feed.change(original, change);
    } else {
      change(original);
      original.replaced += 1;
      this.#workspace.changed({ what: 'ephemeral', user: original.user });
    }
  }

  #delete(original: Message | Ephemeral): void {
    if ('type' in original) void this.#feed.remove(original);
    else this.#workspace.removeEphemeral(original);
  }

  #postInChannel(issued: ResponseUrl, content: Fields): void {
    const thread = content.replace_original === false ? content.thread_ts : undefined;
    const message = this.#workspace.add(
      appMessage(this.#workspace, issued.channel, {
        text: String(content.text ?? ''),
        blocks: content.blocks,
        ...(typeof thread === 'string' && this.#workspace.find(issued.channel, thread)
          ? { thread_ts: thread }
          : {}),
      }),
    );
    void this.#feed.posted(message);
  }

  #addEphemeral(issued: ResponseUrl, content: Fields, via: Ephemeral['via']): Ephemeral {
    return this.#workspace.addEphemeral({
      channel: issued.channel,
      user: issued.user,
      via,
      text: String(content.text ?? ''),
      ...(Array.isArray(content.blocks) ? { blocks: this.#withIds(content.blocks) } : {}),
    });
  }

  #withIds(blocks: readonly unknown[]): readonly Fields[] {
    return withIds(blocks, () => this.#workspace.ids.next('b'));
  }
}

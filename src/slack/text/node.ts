/** The marks that style a run of text: `*bold*`, `_italic_`, `~strike~`. */
export type Style = 'bold' | 'italic' | 'strike';

/** A user, channel or user group that the text names by id; the label is what Slack wrote after the `|`, if anything. */
export interface Mention {
  kind: 'user' | 'channel' | 'group';
  id: string;
  label: string | undefined;
  /** Spoken of rather than called: without the `@`. */
  isBare?: true;
}

/** An address with its scheme (http, mailto, tel, …), and what Slack shows in its place, if anything. */
export interface Link {
  kind: 'link';
  url: string;
  label: string | undefined;
}

/** One of Slack's standard emoji, with no skin tone, one, or one for each of two people, as Slack numbers them: 2 to 6. */
export interface Emoji {
  kind: 'emoji';
  name: string;
  tones: readonly number[];
}

/**
 * One piece of a Slack message, whether it came as mrkdwn (parse.ts) or as rich text (rich-text.ts). Every string in it is as a reader would see it: the escapes are undone.
 * What has children is never inside its own kind, so that the tree is shallow.
 */
export type MrkdwnNode =
  | { kind: 'text'; text: string }
  | Mention
  | { kind: 'special'; name: 'here' | 'channel' | 'everyone' }
  | { kind: 'date'; unixSeconds: number; format: string; link: string | undefined; fallback: string }
  | Link
  | Emoji
  | { kind: 'code'; block: boolean; children: MrkdwnNode[] }
  | { kind: 'quote'; children: MrkdwnNode[] }
  /** Each line behind a prefix: an item of a list, a quote of several lines. */
  | { kind: 'lines'; first: string; rest: string; children: MrkdwnNode[] }
  /** Kept on one line, whatever is in it: a cell of a table. */
  | { kind: 'one-line'; children: MrkdwnNode[] }
  | { kind: Style; children: MrkdwnNode[] };

/** What a reader of one construct gives back: the piece, and where the text goes on. */
export interface Found<Node extends MrkdwnNode = MrkdwnNode> {
  node: Node;
  end: number;
}

import { act } from './api.js';
import { showBlocks } from './blocks.js';
import { createComposer } from './composer.js';
import { avatar, clock, h, showItems } from './dom.js';
import { createMessageEditor } from './message-editor.js';
import { moreButton } from './message-menu.js';
import { mrkdwn } from './mrkdwn.js';

/** Messages of one author within this time stand under one name. */
const TOGETHER_SECONDS = 300;

/**
 * @typedef {object} Scene what the messages of a channel are shown with
 * @property {string} viewer
 * @property {string} app
 * @property {import('./mrkdwn.js').Names} names
 * @property {() => readonly any[]} people
 * @property {readonly any[]} shortcuts the app's, for messages
 * @property {Set<string>} openThreads by channel and ts of the root
 * @property {Set<string>} editing by channel and ts
 * @property {() => void} redraw
 * @property {(error: unknown) => void} fail
 */

/** Draws a channel: its messages and, under their roots, the threads that are open. @param {Scene} scene */
export function showChannel(container, channel, scene) {
  const roots = channel.messages.filter(({ threadTs }) => threadTs === '');
  const items = grouped(roots, scene).flatMap((item) => {
    const key = `${channel.id} ${item.message.ts}`;
    const isOpen = scene.openThreads.has(key);
    const isOpenToReplies = !channel.isArchived || isOpen || item.message.replyCount > 0;
    const mayReply = !item.message.onlyToViewer && !item.message.isNote && isOpenToReplies;
    const shown = { ...item, key, isOpen, mayReply, isDm: channel.type === 'im' };
    if (!isOpen) return [shown];
    const replies = channel.messages.filter(({ threadTs }) => threadTs === item.message.ts);
    const thread = {
      key: `thread ${key}`,
      channel: channel.id,
      root: item.message.ts,
      isArchived: channel.isArchived,
    };
    return [shown, { ...thread, replies: grouped(replies, scene) }];
  });
  if (items.length === 0) items.push({ key: 'empty', empty: emptyWords(channel) });
  showItems(
    container,
    items,
    ({ key }) => `${scene.viewer} ${key}`,
    (item, before) => {
      if (item.empty) return h('p', { className: 'empty' }, item.empty);
      return item.root ? showThread(item, scene, before) : showMessage(item, scene, before);
    },
  );
}

function emptyWords({ type, name }) {
  return type === 'im'
    ? 'Threads of your private messages will be here.'
    : `Nothing has been said in #${name} yet.`;
}

/** Each message with its author's name, and whether it goes on under the name before. */
function grouped(messages, { names, app, editing }) {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const goesOn =
      before !== undefined &&
      before.user === message.user &&
      before.onlyToViewer === message.onlyToViewer &&
      before.replyCount === 0 &&
      Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
    const author = message.user || app;
    const name = author === 'USLACKBOT' ? 'Slackbot' : (names.person(author) ?? author);
    const isEditing = editing.has(keyOf(message));
    return { message, goesOn, isEditing, author: { name, isApp: author === app } };
  });
}

const keyOf = ({ channel, ts }) => `${channel} ${ts}`;

function showMessage({ key, message, author, goesOn, isEditing, isOpen, mayReply, isDm }, scene, before) {
  // Whatever happens to a message while it is edited, what has been typed stays.
  if (isEditing && before?.dataset?.isEditor) return before;
  if (isEditing) return createMessageEditor(message, scene);
  const press = (pressed) =>
    act({ do: 'press', as: scene.viewer, channel: message.channel, ts: message.ts, ...pressed }).catch(
      scene.fail,
    );
  const body =
    message.blocks.length > 0
      ? showBlocks(message.blocks, scene.names, press)
      : [h('div', { className: 'text' }, ...mrkdwn(message.text, scene.names))];
  const classes = [
    'message',
    goesOn ? 'goes-on' : '',
    message.onlyToViewer ? 'only-you' : '',
    message.isNote ? 'note' : '',
  ];
  return h(
    'article',
    { className: classes.join(' '), 'aria-label': `${author.name} at ${timeOf(message).textContent}` },
    goesOn ? timeOf(message) : avatar(author.name),
    h(
      'div',
      { className: 'message-body' },
      message.onlyToViewer ? onlyVisibleToYou(message, scene) : undefined,
      goesOn ? undefined : heading(author, message),
      ...body,
      ...message.files.map(showFile),
      message.isEdited ? h('small', {}, '(edited)') : undefined,
      reactions(message, scene),
      mayReply ? threadButton(key, message, isOpen, isDm, scene) : undefined,
    ),
    moreButton(actionsOn(message, scene)),
  );
}

/** What can be done with a message: the app's shortcuts, and to one's own what Slack lets people do. */
function actionsOn(message, scene) {
  if (message.onlyToViewer || message.isNote) return [];
  const { channel, ts } = message;
  const shortcuts = scene.shortcuts.map(({ name, callback_id: callbackId }) => ({
    label: name,
    choose: () => act({ do: 'shortcut', as: scene.viewer, callbackId, channel, ts }).catch(scene.fail),
  }));
  if (message.user !== scene.viewer) return shortcuts;
  const edit = () => {
    scene.editing.add(keyOf(message));
    scene.redraw();
  };
  const remove = () => act({ do: 'delete', as: scene.viewer, channel, ts }).catch(scene.fail);
  return [
    ...shortcuts,
    { label: 'Edit message', choose: edit },
    { label: 'Delete message', isGrave: true, choose: remove },
  ];
}

/** A file that the app has sent can be looked at. */
function showFile({ name, title, content }) {
  const words = `📄 ${title}`;
  if (content === null) return h('p', { className: 'file' }, words);
  const href = URL.createObjectURL(new Blob([content], { type: 'text/csv' }));
  return h('p', { className: 'file' }, h('a', { href, download: name }, words));
}

function heading({ name, isApp }, message) {
  return h(
    'div',
    { className: 'byline' },
    h('b', {}, name),
    isApp ? h('span', { className: 'badge' }, 'APP') : undefined,
    timeOf(message),
  );
}

function onlyVisibleToYou(message, scene) {
  const dismiss = () => act({ do: 'dismiss', as: scene.viewer, ts: message.ts }).catch(scene.fail);
  return h(
    'div',
    { className: 'only-you-line' },
    h('span', {}, 'Only visible to you'),
    h('button', { type: 'button', className: 'link', onclick: dismiss }, 'Dismiss'),
  );
}

function reactions(message, { names }) {
  if (message.reactions.length === 0) return undefined;
  return h(
    'div',
    { className: 'reactions' },
    ...message.reactions.map(({ name, count }) =>
      h(
        'span',
        { title: `:${name}:`, 'aria-label': `${name}, ${count}` },
        `${names.emoji[name] ?? name} ${count}`,
      ),
    ),
  );
}

function threadButton(key, { replyCount }, isOpen, isDm, scene) {
  const toggle = () => {
    if (!scene.openThreads.delete(key)) scene.openThreads.add(key);
    scene.redraw();
    document.getElementById(`thread ${key}`)?.querySelector('textarea')?.focus();
  };
  const count = replyCount === 1 ? '1 reply' : `${replyCount} replies`;
  const label = isOpen ? 'Close thread' : replyCount > 0 ? count : 'Reply in thread';
  const isQuiet = replyCount === 0 && !isDm && !isOpen;
  return h(
    'button',
    {
      type: 'button',
      className: `thread-button ${isQuiet ? 'quiet-thread' : ''}`,
      'aria-expanded': String(isOpen),
      onclick: toggle,
    },
    label,
  );
}

function showThread({ channel, root, replies, isArchived }, scene, before) {
  const thread = before ?? makeThread(channel, root, scene);
  thread.lastChild.hidden = isArchived;
  showItems(
    thread.firstChild,
    replies,
    ({ message }) => message.ts,
    (reply, earlier) => showMessage(reply, scene, earlier),
  );
  return thread;
}

function makeThread(channel, root, { viewer, people }) {
  const composer = createComposer({
    label: 'Reply in thread',
    people,
    send: (text) => act({ do: 'type', as: viewer, channel, thread: root, text }),
  });
  const list = h('div', { className: 'replies', role: 'log', 'aria-label': 'Thread' });
  return h('div', { className: 'thread', id: `thread ${channel} ${root}` }, list, composer.element);
}

function timeOf({ ts }) {
  return clock(Number(ts) * 1_000);
}

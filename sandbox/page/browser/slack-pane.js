import { act } from './api.js';
import { createAppHome } from './app-home.js';
import { createComposer } from './composer.js';
import { byId, h, showItems, stayAtEnd } from './dom.js';
import { showChannel } from './slack-messages.js';

/**
 * The left pane: Slack as one person sees it.
 * @param {object} options
 * @param {Readonly<Record<string, string>>} options.emoji
 * @param {(userId: string) => void} options.become
 * @param {(error: unknown) => void} options.fail
 */
export function createSlackPane({ emoji, become, fail }) {
  const messages = byId('slack-messages');
  const toEnd = stayAtEnd(messages);
  const select = /** @type {HTMLSelectElement} */ (byId('slack-person'));
  const openThreads = new Set();
  const editing = new Set();
  /** The latest message that a person has seen in a channel. @type {Map<string, number>} */
  const seen = new Map();
  let slack;
  let chosen = 'C0GENERAL';
  let shownChannel = '';

  const people = () => slack.people.filter(({ id }) => id !== slack.viewer);
  const composer = createComposer({
    label: 'Message',
    people: () => [...people(), ...slack.groups],
    send: (text) => act({ do: 'type', as: slack.viewer, channel: channel().id, thread: '', text }),
  });
  byId('slack-composer').append(composer.element);
  const appHome = createAppHome({ fail, redraw: () => draw() });
  select.addEventListener('change', () => become(select.value));

  return { show, open, names };

  /** @param {import('../snapshot.ts').Snapshot['slack']} state */
  function show(state) {
    slack = state;
    showPeople();
    showGlobalShortcuts();
    draw();
  }

  /** What the app offers from anywhere. */
  function showGlobalShortcuts() {
    showItems(
      byId('global-shortcuts'),
      slack.shortcuts.filter(({ type }) => type === 'global'),
      ({ callback_id: id }) => `${slack.viewer} ${id}`,
      ({ callback_id: callbackId, name }) => {
        const use = () =>
          act({ do: 'shortcut', as: slack.viewer, callbackId, channel: '', ts: '' }).catch(fail);
        return h('button', { type: 'button', className: 'shortcut', onclick: use }, name);
      },
    );
  }

  /** Opens a channel with a text in its message box. */
  function open(channelId, text) {
    chosen = channelId;
    if (slack) draw();
    composer.fill(text);
  }

  function names() {
    const known = new Map(slack.people.map(({ id, name }) => [id, name]));
    const channels = new Map(slack.channels.map(({ id, name }) => [id, name]));
    return { person: (id) => known.get(id), channel: (id) => channels.get(id), emoji };
  }

  function channel() {
    return slack.channels.find(({ id }) => id === chosen) ?? slack.channels[0];
  }

  function draw() {
    const current = channel();
    seen.set(`${slack.viewer} ${current.id}`, Number(current.messages.at(-1)?.ts ?? 0));
    showChannels(current);
    const title = isPlace(current) ? `#${current.name}` : current.name;
    const remark = current.isArchived
      ? ' (archived)'
      : current.isShared
        ? ' (shared with another company)'
        : '';
    byId('channel-name').textContent = title + remark;
    composer.describe(`Message ${title}`, `Message ${title}, or /chatter-dm @somebody …`);
    const isHome = appHome.show({
      viewer: slack.viewer,
      view: slack.home,
      isApp: current.type === 'im',
      names: names(),
    });
    messages.hidden = isHome;
    byId('slack-composer').hidden = isHome || current.isArchived;
    const scene = {
      viewer: slack.viewer,
      app: slack.app,
      names: names(),
      people,
      shortcuts: slack.shortcuts.filter(({ type }) => type === 'message'),
      openThreads,
      editing,
      redraw: draw,
      fail,
    };
    showChannel(messages, current, scene);
    const now = `${slack.viewer} ${current.id}`;
    if (now !== shownChannel) toEnd();
    shownChannel = now;
  }

  function showPeople() {
    const humans = slack.people.filter(({ isBot }) => !isBot);
    showItems(
      select,
      humans,
      ({ id }) => id,
      ({ id, name, note }) => h('option', { value: id }, note ? `${name} (${note})` : name),
    );
    select.value = slack.viewer;
  }

  function showChannels(current) {
    const items = slack.channels.map(({ id, name, type, messages: said }) => {
      const last = seen.get(`${slack.viewer} ${id}`) ?? 0;
      const unread = said.filter(({ ts, user }) => Number(ts) > last && user !== slack.viewer).length;
      return { id, name, type, unread, isCurrent: id === current.id };
    });
    showItems(
      byId('channels'),
      withHeadings(items),
      ({ id }) => id,
      (item) => (item.heading ? h('h3', {}, item.heading) : channelButton(item)),
    );
  }

  function channelButton({ id, name, type, unread, isCurrent }) {
    const choose = () => {
      chosen = id;
      draw();
      if (type === 'im') appHome.opened();
    };
    return h(
      'button',
      {
        type: 'button',
        className: unread > 0 ? 'unread' : '',
        'aria-current': isCurrent ? 'page' : undefined,
        onclick: choose,
      },
      h('span', { className: 'sign', 'aria-hidden': 'true' }, SIGNS[type]),
      h('span', { className: 'name' }, name),
      unread > 0
        ? h('span', { className: 'count', 'aria-label': `${unread} new` }, String(unread))
        : undefined,
    );
  }
}

const SIGNS = { channel: '#', group: '🔒', mpim: '◇', im: '◆' };

/** Conversations of several people have no name of their own. */
const isPlace = ({ type }) => type === 'channel' || type === 'group';

function withHeadings(items) {
  return [
    { id: 'channels', heading: 'Channels' },
    ...items.filter(({ type }) => type !== 'im'),
    { id: 'apps', heading: 'Apps' },
    ...items.filter(({ type }) => type === 'im'),
  ];
}

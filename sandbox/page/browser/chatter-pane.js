import { act } from './api.js';
import { createComposer } from './composer.js';
import { avatar, byId, clock, h, showItems, stayAtEnd } from './dom.js';

/**
 * The right pane: Salesforce Chatter's private messages as one person sees them.
 * @param {object} options
 * @param {(userId: string) => void} options.become
 * @param {(error: unknown) => void} options.fail
 */
export function createChatterPane({ become, fail }) {
  const messages = byId('chatter-messages');
  const toEnd = stayAtEnd(messages);
  const select = /** @type {HTMLSelectElement} */ (byId('chatter-person'));
  /** The conversation that a person has chosen; the latest one until then. @type {Map<string, string>} */
  const chosen = new Map();
  let chatter;
  let shown = '';

  const composer = createComposer({
    label: 'Answer',
    send: (text) => act({ do: 'answer', as: chatter.viewer, conversation: conversation().id, text }),
  });
  byId('chatter-composer').append(composer.element);
  select.addEventListener('change', () => become(select.value));

  return { show };

  /** @param {import('../snapshot.ts').Snapshot['chatter']} state */
  function show(state) {
    chatter = state;
    showPeople();
    draw();
  }

  function conversation() {
    const wanted = chosen.get(chatter.viewer);
    return chatter.conversations.find(({ id }) => id === wanted) ?? chatter.conversations[0];
  }

  function draw() {
    const current = conversation();
    showConversations(current);
    byId('chatter-composer').hidden = !current;
    byId('conversation-name').textContent = current ? current.names.join(', ') : 'Messages';
    composer.describe(`Answer as ${person()?.name ?? ''}`);
    showMessages(current);
    const now = `${chatter.viewer} ${current?.id}`;
    if (now !== shown) toEnd();
    shown = now;
    if (current?.isUnread) act({ do: 'read', as: chatter.viewer, conversation: current.id }).catch(fail);
  }

  function person() {
    return chatter.people.find(({ id }) => id === chatter.viewer);
  }

  function showPeople() {
    showItems(
      select,
      chatter.people,
      ({ id }) => id,
      ({ id, name, username, canChat, unread }) => {
        const isSecond = chatter.people.some((other) => other.name === name && other.id !== id);
        const remarks = [
          isSecond ? username : '',
          canChat ? '' : 'cannot use Chatter',
          unread ? `${unread} new` : '',
        ];
        const remark = remarks.filter((words) => words !== '').join(', ');
        return h('option', { value: id }, remark ? `${name} (${remark})` : name);
      },
    );
    select.value = chatter.viewer;
  }

  function showConversations(current) {
    const items = chatter.conversations.map(({ id, names, isUnread, messages: said }) => {
      const last = said.at(-1);
      return { id, names: names.join(', '), isUnread, text: last?.text ?? '', isCurrent: id === current?.id };
    });
    showItems(
      byId('conversations'),
      [{ id: 'heading' }, ...items],
      ({ id }) => id,
      ({ id, names, isUnread, text, isCurrent }) =>
        id === 'heading'
          ? h('h3', {}, 'Conversations')
          : h(
              'button',
              {
                type: 'button',
                className: isUnread ? 'unread' : '',
                'aria-current': isCurrent ? 'page' : undefined,
                onclick: () => {
                  chosen.set(chatter.viewer, id);
                  draw();
                },
              },
              h('span', { className: 'name' }, names),
              h('span', { className: 'excerpt' }, text),
            ),
    );
  }

  function showMessages(current) {
    const items = current?.messages ?? [{ id: `none ${chatter.viewer}`, empty: true }];
    showItems(
      messages,
      items,
      ({ id }) => `${chatter.viewer} ${id}`,
      (item) => (item.empty ? emptyWords() : showMessage(item)),
    );
  }

  function emptyWords() {
    const name = person()?.name.split(' ')[0] ?? '';
    return h(
      'p',
      { className: 'empty' },
      `No private messages yet. What is sent to ${name} from Slack arrives here.`,
    );
  }
}

function showMessage({ sender, isMine, text, sentDate }) {
  return h(
    'article',
    { className: `bubble ${isMine ? 'mine' : ''}`, 'aria-label': sender },
    isMine ? undefined : avatar(sender),
    h(
      'div',
      { className: 'bubble-body' },
      h('div', { className: 'byline' }, h('b', {}, sender), clock(Date.parse(sentDate))),
      // Chatter's private messages are plain text; only their line breaks mean something.
      h('div', { className: 'text' }, text),
    ),
  );
}

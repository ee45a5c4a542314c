import { byId } from './dom.js';

/**
 * The first steps: ticked off as they are seen to be done, and out of the way when wanted.
 * @param {() => void} fillIn
 */
export function createGuide(fillIn) {
  const guide = byId('guide');
  const toggle = byId('guide-toggle');
  const setShown = (shown) => {
    guide.hidden = !shown;
    toggle.setAttribute('aria-expanded', String(shown));
    localStorage.setItem('guide', shown ? 'shown' : 'hidden');
  };
  setShown(localStorage.getItem('guide') !== 'hidden');
  toggle.addEventListener('click', () => setShown(guide.hidden));
  byId('guide-close').addEventListener('click', () => setShown(false));
  byId('fill-in').addEventListener('click', fillIn);
  /** Notices of mirrored threads that have been seen. */
  const notices = new Set();

  return {
    /** @param {import('../snapshot.ts').Snapshot} state */
    show({ slack, chatter }) {
      const { conversations } = chatter;
      const answers = slack.channels
        .flatMap(({ messages }) => messages)
        .filter(({ onlyToViewer }) => onlyToViewer);
      tick('step-send', answers.length > 0);
      tick('step-arrive', conversations.length > 0);
      tick(
        'step-go-on',
        conversations.some(({ messages }) =>
          messages.some(({ sender }, i) => messages.some((other, j) => j > i && other.sender === sender)),
        ),
      );
      tick(
        'step-answer',
        conversations.some(({ messages }) => new Set(messages.map(({ sender }) => sender)).size > 1),
      );
      showMirrored(slack, conversations);
      const all = slack.channels.flatMap(({ messages }) => messages);
      tick('step-notify', all.some(hasButton('csv_notification')));
    },
  };

  /** The steps with a mirrored thread; its notice is the message with the button that stops it. */
  function showMirrored({ channels }, conversations) {
    const inChannels = channels.filter(({ type }) => type !== 'im').flatMap(({ messages }) => messages);
    const canStop = hasButton('stop_mirror');
    const isStopped = inChannels.some((message) => notices.has(keyOf(message)) && !canStop(message));
    for (const message of inChannels) if (canStop(message)) notices.add(keyOf(message));
    const texts = conversations.flatMap(({ messages }) => messages.map(({ text }) => text));
    tick('step-mirror', notices.size > 0);
    tick(
      'step-edit',
      texts.some((text) => /(?:^|: )Edited: /.test(text)),
    );
    tick(
      'step-delete',
      texts.some((text) => /\(deleted /.test(text)),
    );
    tick('step-stop', isStopped);
  }
}

const keyOf = ({ channel, ts }) => `${channel} ${ts}`;

const hasButton =
  (action) =>
  ({ blocks }) =>
    blocks
      .flatMap(({ elements = [], accessory }) => [...elements, accessory])
      .some((element) => element?.action_id === action);

/** Once done stays done, whoever one is next. */
function tick(id, done) {
  if (done) byId(id).classList.add('done');
}

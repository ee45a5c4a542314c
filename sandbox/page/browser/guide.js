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
    },
  };
}

/** Once done stays done, whoever one is next. */
function tick(id, done) {
  if (done) byId(id).classList.add('done');
}

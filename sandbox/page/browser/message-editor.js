import { act } from './api.js';
import { createComposer } from './composer.js';
import { avatar, h } from './dom.js';

/**
 * A message as its author changes it: Enter saves, Escape leaves it as it was.
 * @param {any} message
 * @param {import('./slack-messages.js').Scene} scene
 */
export function createMessageEditor(message, scene) {
  const { channel, ts, typed } = message;
  const stop = () => {
    scene.editing.delete(`${channel} ${ts}`);
    scene.redraw();
  };
  const composer = createComposer({
    label: 'Edit message',
    action: 'Save',
    people: scene.people,
    send: async (text) => {
      if (text !== typed) await act({ do: 'edit', as: scene.viewer, channel, ts, text });
      stop();
    },
  });
  // When it stands in the page: only there it can be measured, and have the focus.
  queueMicrotask(() => composer.fill(typed));
  composer.element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) stop();
  });
  const cancel = h('button', { type: 'button', className: 'link', onclick: stop }, 'Cancel');
  const element = h(
    'article',
    { className: 'message editor', 'aria-label': 'Your message, being edited' },
    avatar(scene.names.person(scene.viewer) ?? ''),
    h('div', { className: 'message-body' }, composer.element, cancel),
  );
  element.dataset.isEditor = 'yes';
  return element;
}

import { h } from './dom.js';
import { plainText } from './mrkdwn.js';

/**
 * Asks before something is done, as a button of the app wants it (Slack docs, "Confirmation dialog").
 * @param {any} confirm
 * @param {import('./mrkdwn.js').Names} names
 * @returns {Promise<boolean>}
 */
export function ask(confirm, names) {
  const words = (object) => plainText(object?.text ?? '', names);
  const style = confirm.style === 'danger' ? 'danger' : 'primary';
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      'dialog',
      { className: 'modal', 'aria-label': words(confirm.title) },
      h(
        'form',
        { method: 'dialog' },
        h('h2', {}, words(confirm.title)),
        h('p', {}, words(confirm.text)),
        h(
          'div',
          { className: 'modal-buttons' },
          h('button', { className: 'block-button', value: '' }, words(confirm.deny) || 'Cancel'),
          h('button', { className: `block-button ${style}`, value: 'yes' }, words(confirm.confirm) || 'OK'),
        ),
      ),
    )
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

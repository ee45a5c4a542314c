import type { Parts } from '../parts.ts';
import type { Fields, View } from '../shapes.ts';
import type { SpentTrigger } from '../triggers.ts';
import { checkView } from '../view-check.ts';
import { MAX_STACK } from '../views.ts';
import {
  knownUser,
  type Methods,
  optionalObject,
  optionalText,
  refusal,
  requiredText,
  SlackError,
} from './method.ts';

const TRIGGER_ERRORS: Record<'method-page' | 'guide', Record<SpentTrigger, string>> = {
  'method-page': {
    invalid: 'invalid_trigger_id',
    expired: 'expired_trigger_id',
    exchanged: 'exchanged_trigger_id',
  },
  guide: { invalid: 'invalid_trigger_id', expired: 'trigger_expired', exchanged: 'trigger_exchanged' },
};

export const VIEWS: Methods = {
  'views.open': {
    run(args, parts) {
      const view = checked(args, parts, 'modal');
      const user = triggerUser(args, parts);
      parts.views.clear(user);
      return { view: parts.views.push(user, view) };
    },
  },
  'views.push': {
    run(args, parts) {
      const view = checked(args, parts, 'modal');
      const user = triggerUser(args, parts);
      if (parts.views.stackOf(user).length >= MAX_STACK) throw new SlackError('push_limit_reached');
      return { view: parts.views.push(user, view) };
    },
  },
  'views.update': {
    run(args, parts) {
      const view = checked(args, parts, undefined, { updating: true });
      const id = optionalText(args, 'view_id');
      const external_id = optionalText(args, 'external_id');
      const open = parts.views.find({ ...(id ? { id } : {}), ...(external_id ? { external_id } : {}) });
      if (!open) throw new SlackError('not_found');
      refuseStaleHash(args, open);
      return { view: parts.views.replace(open, view) };
    },
  },
  'views.publish': {
    run(args, parts) {
      const user = knownUser(requiredText(args, 'user_id'), parts, 'invalid_arguments');
      const view = checked(args, parts, 'home');
      refuseStaleHash(args, parts.views.homeOf(user.id));
      return { view: parts.views.publish(user.id, view) };
    },
  },
};

function checked(args: Fields, parts: Parts, type?: View['type'], { updating = false } = {}): Fields {
  const view = optionalObject(args, 'view');
  if (!view) throw refusal('invalid_arguments', ['[ERROR] missing required field: view']);
  const problems = checkView(view, parts.switches.idsMustBeUnique);
  if (problems.length > 0) throw refusal('invalid_arguments', problems);
  if (type && view.type !== type)
    throw refusal('invalid_arguments', [`[ERROR] must be a ${type} [json-pointer:/view/type]`]);
  const named = typeof view.external_id === 'string' && view.external_id !== '';
  if (!updating && named && parts.views.find({ external_id: String(view.external_id) })) {
    throw new SlackError('duplicate_external_id');
  }
  return view;
}

function triggerUser(args: Fields, { triggers, switches }: Parts): string {
  const exchanged = triggers.exchange(optionalText(args, 'trigger_id') ?? '');
  if ('refused' in exchanged) throw new SlackError(TRIGGER_ERRORS[switches.triggerErrors][exchanged.refused]);
  return exchanged.user;
}

function refuseStaleHash(args: Fields, view: View | undefined): void {
  const hash = optionalText(args, 'hash');
  if (hash !== undefined && hash !== view?.hash) throw new SlackError('hash_conflict');
}

import type { Move } from '../checker/system.ts';
import { cancel, keptOf, take } from './log.ts';
import type { Fault, Message, Scenario, Setting } from './scenario.ts';
import { type Intake, spend, type World, written } from './world.ts';

/** Slack sends what was written; src/bridge/intake.ts stores it before it answers. */
export function slackMoves(world: World, o: Setting): Move<World>[] {
  return o.scenario.messages.flatMap((message) => {
    const intake = world.intake[message.id];
    if (!intake) return [];
    return [
      ...sendMoves(world, message, intake, o),
      ...cancelMoves(world, message, intake, o),
      ...slowMoves(world, message, intake, o),
    ];
  });
}

function sendMoves(world: World, message: Message, intake: Intake, o: Setting): Move<World>[] {
  const { id, by } = message;
  if (intake.isCancelling) return [];
  const isFirst = intake.sent === 0;
  const isUnanswered = by === 'event' && intake.told === 'nothing yet' && !isFirst;
  if (isFirst && !isItsTurn(world, message, o.scenario)) {
    return world.left.disorder > 0 ? send('sends too early', 'disorder') : [];
  }
  if (isFirst) return send('sends');
  if (isUnanswered) return send('sends, as nobody answered,');
  return by === 'event' && world.left.redelivery > 0 ? send('sends once more', 'redelivery') : [];

  function send(does: string, fault?: Fault): Move<World>[] {
    const seen: Intake = isFirst
      ? { ...intake, sent: 1, epoch: world.log.epoch, writtenAt: writtenAt(world, o.scenario) }
      : { ...intake, sent: Math.min(intake.sent + 1, 2) };
    const before = fault ? spend(world, fault) : world;
    const stored = taken(before, message, { ...seen, told: 'stored' }, o);
    const moves = [{ does: `Slack ${does} ${id}: it is stored`, optional: fault !== undefined, to: stored }];
    if (world.left.slowTake === 0) return moves;
    const slow = { ...seen, slow: seen.slow + 1, isCancelling: by === 'command' };
    const to = withIntake(spend(before, 'slowTake'), id, slow);
    return [...moves, { does: `Slack ${does} ${id}: storing takes too long`, optional: true, to }];
  }
}

/** In the order of their writing, lane by lane. */
const isItsTurn = (world: World, { lane, order }: Message, { messages }: Scenario): boolean =>
  messages.every(
    (other) => other.lane !== lane || other.order >= order || (world.intake[other.id]?.sent ?? 0) > 0,
  );

/** Only after a restart it matters when a message was written. */
const writtenAt = (world: World, { budget }: Scenario): number =>
  (budget.restore ?? 0) > 0 ? world.stored.length : 0;

function taken(world: World, message: Message, intake: Intake, { scenario, protocol }: Setting): World {
  const log = take(world.log, message, intake.epoch, intake.writtenAt, protocol);
  return withIntake(written(world, log, scenario), message.id, intake);
}

function cancelMoves(world: World, { id }: Message, intake: Intake, { scenario }: Setting): Move<World>[] {
  if (!intake.isCancelling) return [];
  const log = cancel(world.log, id);
  const told = keptOf(log, id) ? 'stored' : 'not sent';
  const to = withIntake(written(world, log, scenario), id, { ...intake, isCancelling: false, told });
  return [{ does: `${id} is cancelled: "${told}" is said`, optional: false, to }];
}

/** What nobody waits for any more is run all the same, or was never heard of. */
function slowMoves(world: World, message: Message, intake: Intake, o: Setting): Move<World>[] {
  if (intake.slow === 0) return [];
  const less = { ...intake, slow: intake.slow - 1 };
  return [
    { does: `Redis stores ${message.id} after all`, optional: false, to: taken(world, message, less, o) },
    {
      does: `Redis never hears of storing ${message.id}`,
      optional: false,
      to: withIntake(world, message.id, less),
    },
  ];
}

const withIntake = (world: World, id: string, intake: Intake): World => ({
  ...world,
  intake: { ...world.intake, [id]: intake },
});

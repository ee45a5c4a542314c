import { hourlyLimitAnswer, sessionError } from './access.ts';
import { type Answer, edgePage, errorAnswer } from './answer.ts';
import { refuse } from './api-error.ts';
import type { Fault, StatusAnswer } from './faults.ts';
import type { Prepared } from './prepare.ts';
import type { World } from './world.ts';

/** What can be done to the client's connection. */
export interface Line {
  send(answer: Answer): void;
  /** Sends the head and half the body, and then nothing more. */
  sendHalf(answer: Answer): void;
  reset(): void;
}

/** Runs something later; forgotten when the server closes or is reset. */
export type Later = (delayMs: number, run: () => void | Promise<void>) => void;

/** Lets the request take effect and answers, or does what the armed fault says. */
export async function perform(world: World, prepared: Prepared, line: Line, later: Later): Promise<void> {
  const fault = prepared.settled ? undefined : world.faults.take(prepared.subject);
  if (!fault) {
    line.send(await prepared.run());
    return;
  }
  switch (fault.do) {
    case 'drop-before':
      line.reset();
      break;
    case 'drop-after':
      await prepared.run();
      line.reset();
      break;
    case 'late-commit':
      if (fault.answer === 'reset') line.reset();
      later(fault.afterMs, async () => {
        await prepared.run();
      });
      break;
    case 'hang':
      later(fault.afterMs, async () => {
        if (fault.commit) line.send(await prepared.run());
        else line.reset();
      });
      break;
    case 'hang-headers':
      line.sendHalf(await prepared.run());
      break;
    case 'slow':
      later(fault.delayMs, async () => line.send(await prepared.run()));
      break;
    default:
      if (fault.do === 'status' && fault.stored) await prepared.run();
      line.send(answerInstead(world, prepared, fault));
  }
}

type Replacing = Extract<Fault, { do: 'status' | 'expired-session' | 'redirect' }>;

function answerInstead(world: World, { subject }: Prepared, fault: Replacing): Answer {
  switch (fault.do) {
    case 'redirect':
      return { status: 307, headers: { location: fault.location } };
    case 'expired-session':
      world.sessions.expire(subject.userId);
      return errorAnswer(sessionError());
    case 'status': {
      const answer = statusAnswer(world, fault.answer);
      const seconds = fault.retryAfterSeconds;
      if (seconds === undefined) return answer;
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
    }
  }
}

function statusAnswer(world: World, answer: StatusAnswer): Answer {
  switch (answer) {
    case '429':
      return errorAnswer(refuse(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests in the last 24 hours'));
    case '500':
      return errorAnswer(refuse(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. ErrorId: 1234-5'));
    case '502-page':
      return edgePage(502, 'Bad Gateway');
    case '503-page':
      return edgePage(503, 'Down for Maintenance');
    case '503-limit':
      return hourlyLimitAnswer(world);
    case 'row-locked':
      return errorAnswer(
        refuse(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'),
      );
  }
}

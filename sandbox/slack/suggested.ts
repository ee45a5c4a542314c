import { checkOption, ELEMENT_LIMITS } from './element-check.ts';
import { isFields, parseFields } from './json.ts';
import type { Fields } from './shapes.ts';
import { checkList, type Problems, problem } from './text-check.ts';

/**
 * The options in an app's answer to `block_suggestion`, those of its groups too.
 * @throws when Slack would show none of them: the answer is not in the form that it takes.
 */
export function suggestedOptions(body: string): readonly Fields[] {
  const answer = parseFields(body);
  const groups = Array.isArray(answer?.option_groups) ? answer.option_groups.filter(isFields) : undefined;
  const lists = groups ? groups.map(({ options }) => options) : [answer?.options];
  const problems = lists.flatMap(checkOptions);
  if (problems.length > 0) throw new Error(`Slack takes no such options: ${problems.join(' ')}`);
  return lists.flat().filter(isFields);
}

/** An empty list says that nobody was found. */
function checkOptions(options: unknown): Problems {
  if (!Array.isArray(options)) return problem('/options', 'missing required field: options');
  if (options.length === 0) return [];
  return checkList(options, ELEMENT_LIMITS.options, '/options', checkOption);
}

import {
  ApexErrorListener,
  ApexParserFactory,
  AssignExpressionContext,
  type CatchClauseContext,
  CreatorContext,
  DeleteStatementContext,
  DotExpressionContext,
  DoWhileStatementContext,
  ForStatementContext,
  IdContext,
  InsertStatementContext,
  MergeStatementContext,
  SoqlLiteralContext,
  SoslLiteralContext,
  ThrowStatementContext,
  type TriggerUnitContext,
  TryStatementContext,
  UndeleteStatementContext,
  UpdateStatementContext,
  UpsertStatementContext,
  WhileStatementContext,
} from '@apexdevtools/apex-parser';
import { xmlProblem } from './xml.ts';

/** A source package: path to text. */
export type Package = ReadonlyMap<string, string>;

/** As much of a parse tree as is needed to go through it. */
interface Node {
  getText(): string;
  children?: readonly Node[] | null;
}

/** In these nothing may ask the database or change it: a limit counts each time. */
const LOOPS = [ForStatementContext, WhileStatementContext, DoWhileStatementContext];
const QUERIES = [SoqlLiteralContext, SoslLiteralContext];
const CHANGES = [
  InsertStatementContext,
  UpdateStatementContext,
  UpsertStatementContext,
  DeleteStatementContext,
  UndeleteStatementContext,
  MergeStatementContext,
];
const CHANGING_CALL = /^(EventBus\.publish|Database\.\w+)\(/i;

/** What is wrong with a source package, a sentence each; empty: nothing is. */
export function brokenApexRules(files: Package, apiVersion: string): string[] {
  return [...files].flatMap(([path, text]) => {
    if (path.endsWith('.xml')) return xmlProblem(text).map((problem) => `${path}: ${problem}`);
    if (!/\.(cls|trigger)$/.test(path)) return [];
    return [...wrongMeta(path, files, apiVersion), ...wrongSource(path, text, files)];
  });
}

function wrongMeta(path: string, files: Package, apiVersion: string): string[] {
  const meta = files.get(`${path}-meta.xml`);
  if (meta === undefined) return [`${path} has no -meta.xml`];
  return meta.includes(`<apiVersion>${apiVersion}</apiVersion>`) ? [] : [`${path} is not of ${apiVersion}`];
}

function wrongSource(path: string, text: string, files: Package): string[] {
  const errors: string[] = [];
  class Errors extends ApexErrorListener {
    apexSyntaxError(line: number, column: number): void {
      errors.push(`${path} has a syntax error at ${line}:${column}`);
    }
  }
  const { parser } = ApexParserFactory.createLexerAndParser(text, new Errors());
  const isTrigger = path.endsWith('.trigger');
  const unit = isTrigger ? parser.triggerUnit() : parser.compilationUnit();
  // What follows the first may follow from it.
  if (errors.length > 0) return errors.slice(0, 1);
  const nodes = [...nodesIn(unit as unknown as Node)];
  const isTest = nodes.some((node) => /^@istest$|^@istest\(/i.test(node.getText()));
  return [
    ...unitOfWork(path, nodes),
    ...(isTest ? [] : textField(path, nodes)),
    ...unknownFields(path, nodes, files),
    ...(isTrigger && !isHarmless(unit as TriggerUnitContext) ? [`${path} lets exceptions out`] : []),
  ];
}

function unitOfWork(path: string, nodes: readonly Node[]): string[] {
  const loops = nodes.filter((node) => isOne(node, LOOPS));
  const inside = loops.flatMap((loop) => [...nodesIn(bodyOf(loop))]);
  const queries = inside.some((node) => isOne(node, QUERIES));
  const changes = inside.some((node) => isOne(node, CHANGES) || isChangingCall(node));
  return [
    ...(queries ? [`${path} queries within a loop`] : []),
    ...(changes ? [`${path} writes or publishes within a loop`] : []),
  ];
}

/** What a loop does each time. What an enhanced `for` goes through is asked for once. */
function bodyOf(loop: Node): Node {
  const node =
    loop instanceof ForStatementContext && loop.forControl().enhancedForControl() ? loop.statement() : loop;
  return node as unknown as Node;
}

/** The text of a message is in `Body` (ChatterMessage): nothing of it may be named. */
function textField(path: string, nodes: readonly Node[]): string[] {
  const isNamed = nodes.some((node) => node instanceof IdContext && /^body$/i.test(node.getText()));
  const isQueried = nodes.some((node) => !node.children && /^body$/i.test(node.getText()));
  return isNamed || isQueried ? [`${path} names the text of a message`] : [];
}

function unknownFields(path: string, nodes: readonly Node[], files: Package): string[] {
  return nodes.flatMap((node) => {
    if (!(node instanceof CreatorContext)) return [];
    const object = node.createdName().getText();
    if (!object.endsWith('__e')) return [];
    return [...nodesIn(node as unknown as Node)]
      .filter((inner) => inner instanceof AssignExpressionContext)
      .map((assignment) => assignment.expression(0).getText())
      .filter(
        (field) =>
          ![...files.keys()].some((file) => file.endsWith(`/${object}/fields/${field}.field-meta.xml`)),
      )
      .map((field) => `${path} sets ${object}.${field}, which is not there`);
  });
}

/** All that the trigger does is in a `try` that catches whatever can be caught, and throws nothing by itself. */
function isHarmless(trigger: TriggerUnitContext): boolean {
  const members = trigger.triggerBlock().triggerBlockMember_list();
  const attempt = members[0]?.statement()?.tryStatement();
  if (members.length !== 1 || !(attempt instanceof TryStatementContext)) return false;
  const clauses = attempt.catchClause_list();
  const catchesAll = clauses.some(
    (clause: CatchClauseContext) => clause.qualifiedName().getText().toLowerCase() === 'exception',
  );
  const afterwards = [...clauses, attempt.finallyBlock()].filter((part) => part !== null);
  const throws = afterwards
    .flatMap((part) => [...nodesIn(part as unknown as Node)])
    .some((node) => node instanceof ThrowStatementContext || /\.addError\(/i.test(callOf(node)));
  return catchesAll && !throws;
}

const isOne = (node: Node, types: readonly (abstract new (...args: never[]) => object)[]): boolean =>
  types.some((type) => node instanceof type);

const callOf = (node: Node): string => (node instanceof DotExpressionContext ? node.getText() : '');

const isChangingCall = (node: Node): boolean => CHANGING_CALL.test(callOf(node));

function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* nodesIn(child);
}

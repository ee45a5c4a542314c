import type {
  ChatPersonId,
  ChatterMessageId,
  DeliveryId,
  LaneKey,
  PairKey,
  SalesforceUserId,
} from './people.ts';

/** What somebody wrote in Chatter, as one person in chat is to read it. Stored encrypted. */
export interface ChatterAnswer {
  id: ChatterMessageId;
  /** That person and all others in the conversation: whose thread it is. */
  pair: PairKey;
  /** Whose words it is; the reader's own when they typed it in Chatter. */
  sender: SalesforceUserId;
  senderName: string;
  text: string;
  /** Salesforce's clock. */
  sentAtMs: number;
}

/** The same message is the same delivery, however often it is read; another person's reading of it is another. */
export const answerId = (person: ChatPersonId, { id }: ChatterAnswer): DeliveryId =>
  `answer-${person}-${id}` as DeliveryId;

export const answerLane = (person: ChatPersonId, { pair }: ChatterAnswer): LaneKey =>
  `answers-${person}-${pair}` as LaneKey;

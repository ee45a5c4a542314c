import { unchanging } from './json-output.ts';
import type { Conversation, Org, OrgUser, StoredMessage } from './org.ts';

/** Where a shape is written: whose `me` it is, under which API version and host. */
export interface Scene {
  org: Org;
  /** `/services/data/v66.0` */
  base: string;
  url: string;
  includeSender: boolean;
}

const userTypes: Record<string, string> = {
  Standard: 'Internal',
  CsnOnly: 'ChatterOnly',
  AutomatedProcess: 'System',
  Guest: 'Guest',
};

/** A Connect user summary with every field of the recorded answer. It has neither e-mail nor username. */
export function userSummary(scene: Scene, user: OrgUser) {
  const photo = `${scene.url}/profilephoto/005`;
  return {
    additionalLabel: null,
    communityNickname: `User${user.id.slice(6, 15)}`,
    companyName: 'Salesforce',
    displayName: user.name,
    firstName: user.firstName,
    id: user.id,
    isActive: user.isActive,
    isInThisCommunity: true,
    lastName: user.lastName,
    motif: {
      color: '1B96FF',
      largeIconUrl: '/img/icon/profile64.png',
      mediumIconUrl: '/img/icon/profile32.png',
      smallIconUrl: '/img/icon/profile16.png',
      svgIconUrl: null,
    },
    mySubscription: null,
    name: user.name,
    outOfOffice: { message: '' },
    photo: {
      fullEmailPhotoUrl: `${scene.url}/img/userprofile/default_profile_200_v2.png?fromEmail=1`,
      largePhotoUrl: `${photo}/F`,
      mediumPhotoUrl: `${photo}/M`,
      photoVersionId: null,
      smallPhotoUrl: `${photo}/T`,
      standardEmailPhotoUrl: `${scene.url}/img/userprofile/default_profile_45_v2.png?fromEmail=1`,
      url: `${scene.base}/connect/user-profiles/${user.id}/photo`,
    },
    reputation: null,
    title: null,
    type: 'User',
    url: `${scene.base}/chatter/users/${user.id}`,
    userType: userTypes[user.userType] ?? 'Portal',
  };
}

/**
 * A message as recorded: `isRichText` null and no segments although `text` is filled. Inside conversations
 * `recipients` is empty (Connect guide); elsewhere it names the sender too, unless switched off.
 */
export function messageShape(scene: Scene, message: StoredMessage, inConversation = false) {
  const form = [scene.base, scene.includeSender, inConversation, scene.org.usersVersion].join(' ');
  const known = shapes.get(message);
  if (known?.form === form) return known.shape;
  const shape = unchanging(shapeOf(scene, message, inConversation));
  shapes.set(message, { form, shape });
  return shape;
}

/** A list is read again and again, and its messages never change. */
const shapes = new WeakMap<StoredMessage, { form: string; shape: ReturnType<typeof shapeOf> }>();

function shapeOf(scene: Scene, message: StoredMessage, inConversation: boolean) {
  const withSender = scene.includeSender && !message.recipientIds.includes(message.senderId);
  const recipientIds = withSender ? [...message.recipientIds, message.senderId] : message.recipientIds;
  return {
    body: { isRichText: null, messageSegments: [], text: message.text },
    conversationId: message.conversationId,
    conversationUrl: conversationUrl(scene, message.conversationId),
    id: message.id,
    recipients: inConversation ? [] : summaries(scene, recipientIds),
    sender: summaries(scene, [message.senderId])[0],
    sendingCommunity: null,
    sentDate: message.sentDate,
    url: `${scene.base}/chatter/users/me/messages/${message.id}`,
  };
}

/** A conversation in a list. Its id is `id` here but `conversationId` in the detail. */
export function conversationSummary(scene: Scene, conversation: Conversation, read: boolean) {
  const latest = scene.org.messages.findLast((message) => message.conversationId === conversation.id);
  return {
    id: conversation.id,
    latestMessage: latest ? messageShape(scene, latest, true) : null,
    members: summaries(scene, conversation.memberIds),
    read,
    url: conversationUrl(scene, conversation.id),
  };
}

export function conversationUrl(scene: Scene, id: string): string {
  return `${scene.base}/chatter/users/me/conversations/${id}`;
}

export function summaries(scene: Scene, ids: readonly string[]) {
  return ids.flatMap((id) => {
    const user = scene.org.user(id);
    return user ? [userSummary(scene, user)] : [];
  });
}

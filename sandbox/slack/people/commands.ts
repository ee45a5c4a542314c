import { isFields, parse } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Fields } from '../shapes.ts';
import { escapeTyped } from '../typed-text.ts';

/** What the app answered to something that a person did. */
export interface Answered {
  /** Absent when nothing came back in three seconds: Slack shows `operation_timeout`. */
  readonly status?: number;
  readonly body: string;
  readonly ms: number;
  /** What was sent, with its `response_url` and `trigger_id`. */
  readonly payload: Fields;
}

export interface CommandOptions {
  /** The text is sent as it is, already in Slack's escaped form. */
  readonly escaped?: boolean;
}

export function createCommands(parts: Parts) {
  const { workspace, switches, responseUrls, triggers, delivery } = parts;
  return {
    /**
     * Types a slash command. The answer is shown to the person alone, unless it asks for `in_channel`:
     * then everybody sees it, and the command as it was typed.
     */
    async command(
      userId: string,
      channelId: string,
      command: string,
      text = '',
      { escaped = false }: CommandOptions = {},
    ): Promise<Answered> {
      const user = workspace.user(userId);
      const channel = workspace.channel(channelId);
      const response_url = responseUrls.issue('commands', userId, channelId);
      const payload = {
        token: 'legacy-verification-token',
        team_id: workspace.team.id,
        team_domain: workspace.team.domain,
        ...(workspace.team.enterprise_id
          ? { enterprise_id: workspace.team.enterprise_id, enterprise_name: workspace.team.name }
          : {}),
        channel_id: channelId,
        channel_name: channel.type === 'group' ? 'privategroup' : channel.name,
        user_id: userId,
        user_name: user.name,
        command,
        text: escaped ? text : escapeTyped(text, workspace, escaping()),
        api_app_id: workspace.app.app_id,
        is_enterprise_install: 'false',
        response_url,
        trigger_id: triggers.issue(userId),
      };
      const { status, body, ms, failure } = await delivery.once('slash_commands', command, payload);
      if (failure) {
        // The codes are the ones people see in Slack; that commands are not sent again is as it seems there.
        const code = failure.endsWith('timeout') ? 'operation_timeout' : 'dispatch_failed';
        const text = `${command} failed with the error "${code}"`;
        workspace.addEphemeral({ channel: channelId, user: userId, via: 'slackbot', text });
      }
      const content = failure ? undefined : shownAnswer(body);
      if (content?.response_type === 'in_channel') {
        workspace.add({ channel: channelId, user: userId, text: `${command} ${text}`.trim() });
      }
      if (content) responseUrls.answerCommand(response_url, content);
      return { ...(status === undefined ? {} : { status }), body, ms, payload };
    },
  };

  function escaping() {
    return {
      mentionsCarryNames: switches.mentionsCarryNames,
      emailsBecomeLinks: switches.commandEmailsBecomeLinks,
      groupsAreEscaped: switches.commandGroupsAreEscaped,
    };
  }
}

/** An answer to a command is JSON or plain text; an empty one shows nothing. */
function shownAnswer(body: string): Fields | undefined {
  if (body === '') return undefined;
  const json = parse(body);
  return isFields(json) ? json : { text: body };
}

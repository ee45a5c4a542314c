import type { IncomingMessage, ServerResponse } from 'node:http';

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Chatter conversation</title>
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>
<h1>This conversation is in Salesforce Chatter</h1>
<p>Sign in to Salesforce Classic and open the Chatter tab, then Messages.</p>
<p>Lightning Experience has no page for Chatter private messages. The Slack thread shows what was sent through it.</p>
</html>`;

/**
 * `/conversations/:id`: says where a conversation can be read and reveals nothing, not even whether it exists.
 */
export function conversationPage(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(PAGE);
}

import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { jsonOf } from './json-output.ts';
import type { Line } from './perform.ts';

/** The connection of one request; `date` is the server's clock, `onStatus` hears the status that went out. */
export function lineOf(response: ServerResponse, date: Date, onStatus: (status: number) => void): Line {
  const writeHead = ({ status, headers }: Answer, contentType: string, length: number) => {
    onStatus(status);
    response.writeHead(status, {
      date: date.toUTCString(),
      ...headers,
      ...(length > 0 && { 'content-type': contentType }),
      ...(status !== 204 && { 'content-length': length }),
    });
  };
  return {
    send(answer) {
      if (response.destroyed) return;
      const { content, contentType } = contentOf(answer);
      writeHead(answer, contentType, content.length);
      response.end(content);
    },
    sendHalf(answer) {
      if (response.destroyed) return;
      const { content, contentType } = contentOf(answer);
      writeHead(answer, contentType, content.length);
      response.write(content.subarray(0, content.length / 2));
    },
    reset() {
      response.destroy();
    },
  };
}

function contentOf({ body, page }: Answer): { content: Buffer; contentType: string } {
  if (page !== undefined) return { content: Buffer.from(page), contentType: 'text/html;charset=UTF-8' };
  const json = body === undefined ? '' : jsonOf(body);
  return { content: Buffer.from(json), contentType: 'application/json;charset=UTF-8' };
}

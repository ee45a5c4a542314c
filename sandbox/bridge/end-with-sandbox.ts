/**
 * Loaded into the bridge's processes before anything else. Their stdin is a pipe from the sandbox: it ends when
 * the sandbox does, even by SIGKILL, and then so do they, as if told to. None is left behind to hold the port.
 */
process.stdin
  .on('end', () => process.kill(process.pid, 'SIGTERM'))
  .on('error', () => process.kill(process.pid, 'SIGTERM'))
  .resume();
// Being listened to must not keep a process alive that has finished.
if ('unref' in process.stdin) process.stdin.unref();

"""An HTTP camera for tests, standard library only: `mjpeg_server.py PORT FOLDER FPS` plays the folder's JPEG files in a circle.

`/video` is multipart MJPEG without end, `/file/NAME` is one file of the folder.
"""

from __future__ import annotations

import itertools
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[2])
PERIOD_S = 1.0 / float(sys.argv[3])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        kind, _, name = self.path.split("?")[0].lstrip("/").partition("/")
        try:
            {"video": self.play, "file": lambda: self.send_whole(name)}.get(kind, self.refuse)()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def play(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        pictures = [path.read_bytes() for path in sorted(FOLDER.glob("*.jpg"))]
        for picture in itertools.cycle(pictures):
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture))
            self.wfile.write(picture + b"\r\n")
            time.sleep(PERIOD_S)

    def send_whole(self, name):
        if not (FOLDER / name).is_file():
            return self.refuse()
        content = (FOLDER / name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def refuse(self):
        self.send_error(404)

    def log_message(self, format, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()

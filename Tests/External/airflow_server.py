#!/usr/bin/env python3
"""The command `airflow`, started once for many runs.

    airflow_server.py SOCKET    waits for runs, until its standard input ends
    airflow WORDS               the same file by another name: one run, done by the server

Most of what `airflow dags test` takes is its start: modules, and the application that tasks talk to.
A server has both and forks for every run, which calls the program's own `main` with the words, folder
and environment of who asked; it has written nothing and connected to nothing before. AIRFLOW_HOME is
the server's: for another one the program itself is started.
"""

import atexit
import gc
import json
import os
import select
import socket
import sys
import traceback
from pathlib import Path

HOME = "AIRFLOW_HOME"


def ask():
    """Has the server do what this process was asked to do; its exit status."""
    place = os.environ["AIRFLOW_SERVER"]
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(place)
        socket.send_fds(connection, [len(asked).to_bytes(8, "big")], [0, 1, 2])
        connection.sendall(asked)
        return int(connection.makefile().read() or 1)


def perform(words, folder, environment, files):
    """In a process of its own: the program, as if it had just been started."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(folder)
    home = os.environ[HOME]
    os.environ.clear()
    os.environ.update(environment)
    if environment.get(HOME) != home:
        program = str(Path(sys.executable).with_name("airflow"))
        os.execv(program, [program, *words])
    from airflow import settings
    from airflow.__main__ import main

    settings.configure_vars()
    settings.configure_orm()
    sys.argv = ["airflow", *words]
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def answer(connection):
    """Does one run; who asked gets the exit status."""
    size, files, _, _ = socket.recv_fds(connection, 8, 3)
    left, parts = int.from_bytes(size, "big"), []
    while left:
        parts.append(connection.recv(left))
        left -= len(parts[-1])
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = perform(*json.loads(b"".join(parts)), files)
        except BaseException:
            traceback.print_exc()
        # As at the end of every program: the database is closed.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    for file in files:
        os.close(file)
    connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def serve(place):
    import airflow.__main__
    import airflow.cli.commands.dag_command
    import airflow.cli.commands.db_command
    import airflow.providers.standard.operators.python
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    airflow.__main__.cli_parser.get_parser()
    assert in_process_api_server().app
    gc.collect()
    gc.freeze()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen()
    print("ready", flush=True)
    # One at a time, as `airflow dags test` is asked for. Who started the server closes its input.
    while True:
        ready, _, _ = select.select([listening, 0], [], [])
        if 0 in ready:
            return
        with listening.accept()[0] as connection:
            answer(connection)


if __name__ == "__main__":
    if Path(sys.argv[0]).name == "airflow":
        sys.exit(ask())
    serve(sys.argv[1])

"""
Starts ministack, an implementation of AWS for one machine, with what it lacks for the stack as it is:

* Lambda unpacks layers at /opt; ministack in a temporary folder: so values under /opt are told as they are there.
* An update of a function lets what is under way come to its end; ministack ends it at once.
* What a template asks for and ministack does not know is accepted, and noted: it is reported as not proved.
* Events of SES may be put on the bus by a test, since ministack publishes none.
* IAM is enforced (AUTH=true). What is denied to a function is noted: it is a defect of the stack's permissions.
* It ends with whoever started it: when its standard input does.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import types

from ministack import app
from ministack.core import iam_evaluator, lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

OPT = "/opt/"
BUSY_PAUSE_SECONDS = 0.05
HANDLERS = provisioners._RESOURCE_HANDLERS


def note(variable, line):
    """Notes something in the file that an environment variable names."""
    with open(os.environ[variable], "a", encoding="utf-8") as notes:
        notes.write(line + "\n")


def in_layers(value, layers):
    """A path under /opt as it is in the first layer that holds it."""
    if not isinstance(value, str) or not value.startswith(OPT):
        return value
    places = [os.path.join(layer, value[len(OPT) :]) for layer in layers]
    return next((place for place in places if os.path.exists(place)), value)


class WorkerInput:
    """A worker's standard input: its first line tells the function's variables a second time."""

    def __init__(self, stream, layers):
        self._stream = stream
        self._layers = layers
        self._is_first = True

    def write(self, text):
        if self._is_first:
            init = json.loads(text)
            init["env"] = {name: in_layers(value, self._layers) for name, value in init["env"].items()}
            text = json.dumps(init) + "\n"
            self._is_first = False
        return self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


class WorkerProcess(subprocess.Popen):
    def __init__(self, *args, env=None, **options):
        layers = [layer for layer in (env or {}).get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep) if layer]
        told = env if env is None else {name: in_layers(value, layers) for name, value in env.items()}
        super().__init__(*args, env=told, **options)
        if layers and self.stdin is not None:
            self.stdin = WorkerInput(self.stdin, layers)


lambda_runtime.subprocess = types.SimpleNamespace(**{**vars(subprocess), "Popen": WorkerProcess})


kill_workers = lambda_runtime.kill_workers


def end_workers(workers):
    """Of a function that is updated: those that are at work end it first, as they do on AWS."""
    busy = [worker for worker in workers if worker is not None and worker.in_use]
    kill_workers([worker for worker in workers if worker not in busy])

    def end_when_done(worker):
        while worker.in_use:
            time.sleep(BUSY_PAUSE_SECONDS)
        kill_workers([worker])

    for worker in busy:
        threading.Thread(target=end_when_done, args=[worker], daemon=True).start()


lambda_runtime.kill_workers = end_workers


def with_dkim_records(provision):
    """SES gives each domain three CNAME records to publish; ministack gives none."""

    def provision_with_records(*args, **more):
        physical_id, attributes = provision(*args, **more)
        note("MEANWHILE_ACCEPTED", "the DKIM records of SES identities: made up")
        for number in (1, 2, 3):
            attributes[f"DkimDNSTokenName{number}"] = f"made-up-{number}._domainkey.{physical_id}"
            attributes[f"DkimDNSTokenValue{number}"] = f"made-up-{number}.dkim.amazonses.com"
        return physical_id, attributes

    return provision_with_records


identity = HANDLERS["AWS::SES::EmailIdentity"]
identity.update(create=with_dkim_records(identity["create"]), update=with_dkim_records(identity["update"]))




def accepted(name):
    """What ministack does not know: it is there by its name, and nothing comes of it."""

    def create(logical_id, _props, stack_name):
        note("MEANWHILE_ACCEPTED", name)
        return f"{stack_name}-{logical_id}", {}

    def update(physical_id, *_args, **_more):
        return physical_id, {}

    return {"create": create, "update": update, "delete": lambda *_args: None}


for kind in ("AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule"):
    HANDLERS[kind] = accepted(f"{kind}: accepted, and receives nothing")


enforce = iam_evaluator.enforce


def enforce_and_note(access_key, action, service, *args, **more):
    # Batches of SQS are allowed by the permission for one message: they have none of their own.
    if service == "sqs":
        action = action.removesuffix("Batch")
    denied = enforce(access_key, action, service, *args, **more)
    if denied:
        note("MEANWHILE_DENIED", f"{action} on {more.get('resource_arn')}: {denied}")
    return denied


iam_evaluator.enforce = enforce_and_note

enforce_ses = app._enforce_ses_v2


def enforce_send_email(method, path, headers, body, query_params, request_id):
    """Sending needs the permission for the sender's identity and for the configuration set, not for everything."""
    if path != "/v2/email/outbound-emails":
        return enforce_ses(method, path, headers, body, query_params, request_id)
    asked = json.loads(body)
    domain = asked["FromEmailAddress"].rstrip(">").rpartition("@")[2]
    scope = f"arn:aws:ses:{os.environ['AWS_REGION']}:{get_account_id()}"
    for resource in (f"{scope}:identity/{domain}", f"{scope}:configuration-set/{asked['ConfigurationSetName']}"):
        denied = app._enforce_data_plane(
            "sesv2", "ses:SendEmail", headers, query_params, request_id, resource_arn=resource, named_resource=resource
        )
        if denied:
            return denied
    return None


app._enforce_ses_v2 = enforce_send_email

# Policies ask for TLS, which there is none of on one machine: every call counts as made over it.
pin_request_origin = app.pin_request_origin
app.pin_request_origin = lambda source_ip, _is_secure: pin_request_origin(source_ip, True)


# Only AWS itself may tell events of its services; here the test tells those of SES.
eventbridge._put_events.__defaults__ = (True,)


def end_with_parent():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
app.main()

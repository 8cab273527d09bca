"""The smallest boto3 program for a job: argv is an app, an environment and a resource."""

from __future__ import annotations

import sys

import boto3

app, environment, resource = sys.argv[1:]
client = boto3.client("amplifybackend", region_name="us-east-1")
names = {"AppId": app, "BackendEnvironmentName": environment, "ResourceName": resource}
client.get_backend_api(AppId=app, BackendEnvironmentName=environment, ResourceName=resource)
client.generate_backend_api_models(**names)
client.get_backend_api_models(**names)

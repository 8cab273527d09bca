# For CI without Python: docker run --rm --volume "$PWD:/project" amplify-modelgen check
FROM python:3.13-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
COPY . /source
# A project that belongs to another user is not a reason to fail: git reads nothing else.
RUN pip install --no-cache-dir /source \
    && rm -rf /source \
    && git config --system --add safe.directory '*'
WORKDIR /project
ENTRYPOINT ["amplify-modelgen"]
CMD ["check"]

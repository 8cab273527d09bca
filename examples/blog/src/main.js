import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';

import configuration from './amplifyconfiguration.json';
import modelIntrospection from './models/model-introspection.json';

Amplify.configure({ ...configuration, modelIntrospection });

const client = generateClient({ authMode: 'apiKey' });
const { data: posts } = await client.models.Post.list({ filter: { status: { eq: 'PUBLISHED' } } });

document.querySelector('#posts').replaceChildren(
  ...posts.map((post) => {
    const title = document.createElement('h2');
    title.textContent = post.title;
    return title;
  }),
);

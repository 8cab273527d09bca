import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { DataStore } from 'aws-amplify/datastore';

import configuration from './amplifyconfiguration.json';
import { Post, PostStatus } from './models';
import modelIntrospection from './models/model-introspection.json';

Amplify.configure({ ...configuration, modelIntrospection });

const { data: tags } = await generateClient({ authMode: 'apiKey' }).models.Tag.list();
document.querySelector('#tags').textContent = tags.map((tag) => tag.label).join(', ');

DataStore.observeQuery(Post, (post) => post.status.eq(PostStatus.PUBLISHED)).subscribe(
  ({ items: posts }) => {
    document.querySelector('#posts').replaceChildren(
      ...posts.map((post) => {
        const title = document.createElement('h2');
        title.textContent = post.title;
        return title;
      }),
    );
  },
);
